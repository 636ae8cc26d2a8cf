/**
 * Mathematics on four numbers at once. The polynomials for exp, log, sine, cosine and tanh are those of the Cephes
 * library (Moshier, Methods and Programs for Mathematical Functions, 1989), within about 1e-7 of the exact value.
 */
import { madd } from './tile';

/** 1.5 · 2^23: added to a number it leaves the nearest whole number in the lowest bits. */
const rounder: f32 = 12582912;

export class Lanes {
  /** exp, with subnormal results: 2^n is applied in two halves, as it may lie beyond the exponents by itself. */
  @inline static exp(x: v128): v128 {
    const within = f32x4.pmin(f32x4.pmax(x, f32x4.splat(-104)), f32x4.splat(89));
    const shifted = madd(within, f32x4.splat(1.44269504), f32x4.splat(rounder));
    const power = Lanes.expNear(within, f32x4.sub(shifted, f32x4.splat(rounder)), f32x4.splat(0));
    const n = i32x4.sub(shifted, f32x4.splat(rounder));
    const half = i32x4.shr_s(n, 1);
    return f32x4.mul(f32x4.mul(power, Lanes.exp2(half)), Lanes.exp2(i32x4.sub(n, half)));
  }

  /** exp(x + rest) for x ≤ 0 and a small rest; 0 where the result would be subnormal. */
  @inline static expBelowZero(x: v128, rest: v128): v128 {
    const within = f32x4.pmax(x, f32x4.splat(-88));
    const shifted = madd(within, f32x4.splat(1.44269504), f32x4.splat(rounder));
    const power = Lanes.expNear(within, f32x4.sub(shifted, f32x4.splat(rounder)), rest);
    return f32x4.mul(power, Lanes.exp2(shifted));
  }

  /** 2^n for a whole number in the lowest bits, -127 ≤ n ≤ 128; 0 for -127. */
  @inline static exp2(n: v128): v128 {
    return i32x4.add(i32x4.shl(n, 23), i32x4.splat(0x3f800000));
  }

  /** exp(x - n · ln 2 + rest), ln 2 in two parts so that nothing of x is lost. */
  @inline static expNear(x: v128, n: v128, rest: v128): v128 {
    const high = madd(n, f32x4.splat(-0.693359375), x);
    const r = f32x4.add(madd(n, f32x4.splat(2.1219444e-4), high), rest);
    let p = f32x4.splat(1.98756915e-4);
    p = madd(p, r, f32x4.splat(1.3981999507e-3));
    p = madd(p, r, f32x4.splat(8.3334519073e-3));
    p = madd(p, r, f32x4.splat(4.1665795894e-2));
    p = madd(p, r, f32x4.splat(1.6666665459e-1));
    p = madd(p, r, f32x4.splat(5.0000001201e-1));
    p = madd(p, f32x4.mul(r, r), r);
    return f32x4.add(p, f32x4.splat(1));
  }

  /** -inf at 0, NaN below. */
  @inline static log(x: v128): v128 {
    const subnormal = f32x4.lt(x, f32x4.splat(1.17549435e-38));
    const scaled = v128.bitselect(f32x4.mul(x, f32x4.splat(8388608)), x, subnormal);
    // The exponent counted from √½, so that what remains lies around 1.
    const exponent = i32x4.shr_s(i32x4.sub(scaled, i32x4.splat(0x3f3504f3)), 23);
    const m = f32x4.sub(i32x4.sub(scaled, i32x4.shl(exponent, 23)), f32x4.splat(1));
    const e = f32x4.sub(f32x4.convert_i32x4_s(exponent), v128.and(subnormal, f32x4.splat(23)));
    const result = Lanes.logNear(m, e);
    const infinite = v128.or(f32x4.eq(x, f32x4.splat(Infinity)), f32x4.ne(x, x));
    const usual = v128.bitselect(x, result, infinite);
    const below = v128.bitselect(f32x4.splat(NaN), usual, f32x4.lt(x, f32x4.splat(0)));
    return v128.bitselect(f32x4.splat(-Infinity), below, f32x4.eq(x, f32x4.splat(0)));
  }

  /** log(1 + m) + e · ln 2. */
  @inline static logNear(m: v128, e: v128): v128 {
    let p = f32x4.splat(7.0376836292e-2);
    p = madd(p, m, f32x4.splat(-1.151461031e-1));
    p = madd(p, m, f32x4.splat(1.167699874e-1));
    p = madd(p, m, f32x4.splat(-1.2420140846e-1));
    p = madd(p, m, f32x4.splat(1.4249322787e-1));
    p = madd(p, m, f32x4.splat(-1.6668057665e-1));
    p = madd(p, m, f32x4.splat(2.0000714765e-1));
    p = madd(p, m, f32x4.splat(-2.4999993993e-1));
    p = madd(p, m, f32x4.splat(3.3333331174e-1));
    const square = f32x4.mul(m, m);
    p = f32x4.mul(f32x4.mul(p, m), square);
    p = madd(e, f32x4.splat(-2.1219444e-4), p);
    p = madd(square, f32x4.splat(-0.5), p);
    return madd(e, f32x4.splat(0.693359375), f32x4.add(m, p));
  }

  /** log(1 + x) for 0 ≤ x ≤ 1: 2 artanh(s), s = x / (2 + x) ≤ ⅓, by its series. */
  @inline static log1p(x: v128): v128 {
    const s = f32x4.div(x, f32x4.add(x, f32x4.splat(2)));
    const z = f32x4.mul(s, s);
    let p = f32x4.splat(0.13333334);
    p = madd(p, z, f32x4.splat(0.15384616));
    p = madd(p, z, f32x4.splat(0.18181819));
    p = madd(p, z, f32x4.splat(0.22222222));
    p = madd(p, z, f32x4.splat(0.2857143));
    p = madd(p, z, f32x4.splat(0.4));
    p = madd(p, z, f32x4.splat(0.6666667));
    return madd(f32x4.mul(p, z), s, f32x4.add(s, s));
  }

  /** A polynomial near 0, where 1 - exp(-2x) would lose digits. */
  @inline static tanh(x: v128): v128 {
    const size = f32x4.abs(x);
    const e = Lanes.expBelowZero(f32x4.mul(size, f32x4.splat(-2)), f32x4.splat(0));
    const far = f32x4.div(f32x4.sub(f32x4.splat(1), e), f32x4.add(f32x4.splat(1), e));
    const z = f32x4.mul(x, x);
    let p = f32x4.splat(-5.70498872745e-3);
    p = madd(p, z, f32x4.splat(2.06390887954e-2));
    p = madd(p, z, f32x4.splat(-5.37397155531e-2));
    p = madd(p, z, f32x4.splat(1.33314422036e-1));
    p = madd(p, z, f32x4.splat(-3.33332819422e-1));
    const near = madd(f32x4.mul(p, z), x, x);
    const sign = v128.and(x, i32x4.splat(0x80000000));
    return v128.bitselect(near, v128.or(far, sign), f32x4.lt(size, f32x4.splat(0.625)));
  }

  /** 1 / (1 + exp(-x)), by an exponential that cannot overflow. */
  @inline static sigmoid(x: v128): v128 {
    const small = Lanes.expBelowZero(f32x4.neg(f32x4.abs(x)), f32x4.splat(0));
    const one = f32x4.splat(1);
    const above = v128.bitselect(small, one, f32x4.lt(x, f32x4.splat(0)));
    return f32x4.div(above, f32x4.add(one, small));
  }

  /**
   * Φ(x), the normal distribution: exp(-x²/2) times a polynomial in t = 1 / (1 + 0.2121 |x|) fitted to the tail within
   * 4e-8 of its value. x² is split, as its rounding error would be that of the exponent.
   */
  @inline static normalCdf(x: v128): v128 {
    const size = f32x4.abs(x);
    const t = f32x4.div(f32x4.splat(1), madd(size, f32x4.splat(0.21213203), f32x4.splat(1)));
    let p = f32x4.splat(-0.0647275969);
    p = madd(p, t, f32x4.splat(0.242604375));
    p = madd(p, t, f32x4.splat(-0.255741179));
    p = madd(p, t, f32x4.splat(0.273360491));
    p = madd(p, t, f32x4.splat(-0.0469422936));
    p = madd(p, t, f32x4.splat(0.107279576));
    p = madd(p, t, f32x4.splat(0.0742230862));
    p = madd(p, t, f32x4.splat(0.0853489414));
    p = madd(p, t, f32x4.splat(0.0845945999));
    // Beyond 20 everything is 0, and infinity minus infinity is avoided.
    const within = f32x4.pmin(size, f32x4.splat(20));
    const high = v128.and(within, i32x4.splat(0xfffff000));
    const low = f32x4.mul(f32x4.sub(within, high), f32x4.add(within, high));
    const e = Lanes.expBelowZero(
      f32x4.mul(f32x4.mul(high, high), f32x4.splat(-0.5)),
      f32x4.mul(low, f32x4.splat(-0.5)),
    );
    const tail = f32x4.mul(f32x4.mul(p, t), e);
    const above = f32x4.sub(f32x4.splat(1), tail);
    return v128.bitselect(tail, above, f32x4.lt(x, f32x4.splat(0)));
  }

  /** The sine of x + quarters · π/2; beyond 8192, where the reduction by π/2 in three parts ends, one by one. */
  @inline static sine(x: v128, quarters: i32): v128 {
    const far = f32x4.gt(f32x4.abs(x), f32x4.splat(8192));
    const near = Lanes.nearSine(x, quarters);
    if (!v128.any_true(far)) return near;
    return v128.bitselect(Lanes.farSine(x, quarters), near, far);
  }

  @inline static nearSine(x: v128, quarters: i32): v128 {
    const shifted = madd(x, f32x4.splat(0.636619772), f32x4.splat(rounder));
    const n = f32x4.sub(shifted, f32x4.splat(rounder));
    let r = madd(n, f32x4.splat(-1.5703125), x);
    r = madd(n, f32x4.splat(-4.837512969970703e-4), r);
    r = madd(n, f32x4.splat(-7.54978995489188e-8), r);
    const z = f32x4.mul(r, r);
    let s = madd(f32x4.splat(-1.9515295891e-4), z, f32x4.splat(8.3321608736e-3));
    s = madd(s, z, f32x4.splat(-1.6666654611e-1));
    s = madd(f32x4.mul(s, z), r, r);
    let c = madd(f32x4.splat(2.443315711809948e-5), z, f32x4.splat(-1.388731625493765e-3));
    c = madd(c, z, f32x4.splat(4.166664568298827e-2));
    c = madd(f32x4.mul(c, z), z, madd(z, f32x4.splat(-0.5), f32x4.splat(1)));
    const quarter = i32x4.add(shifted, i32x4.splat(quarters));
    const odd = i32x4.ne(v128.and(quarter, i32x4.splat(1)), i32x4.splat(0));
    const sign = i32x4.shl(v128.and(quarter, i32x4.splat(2)), 30);
    return v128.xor(v128.bitselect(c, s, odd), sign);
  }

  static farSine(x: v128, quarters: i32): v128 {
    let result = f32x4.splat(Lanes.farSineOf(f32x4.extract_lane(x, 0), quarters));
    result = f32x4.replace_lane(result, 1, Lanes.farSineOf(f32x4.extract_lane(x, 1), quarters));
    result = f32x4.replace_lane(result, 2, Lanes.farSineOf(f32x4.extract_lane(x, 2), quarters));
    return f32x4.replace_lane(result, 3, Lanes.farSineOf(f32x4.extract_lane(x, 3), quarters));
  }

  static farSineOf(x: f32, quarters: i32): f32 {
    return quarters === 0 ? Mathf.sin(x) : Mathf.cos(x);
  }

  /** The first `count` < 4 numbers at an address; the rest is 0. */
  @inline static loadPart(from: usize, count: i32): v128 {
    let x = v128.load32_zero(from);
    if (count > 1) x = v128.load_lane<f32>(from, x, 1, 4);
    if (count > 2) x = v128.load_lane<f32>(from, x, 2, 8);
    return x;
  }

  @inline static storePart(to: usize, x: v128, count: i32): void {
    v128.store_lane<f32>(to, x, 0);
    if (count > 1) v128.store_lane<f32>(to, x, 1, 4);
    if (count > 2) v128.store_lane<f32>(to, x, 2, 8);
  }
}
