/** Functions of two numbers, and lines of them; each a class as in `unary.ts`. */
import * as code from './codes';
import { Lanes } from './lanes';

interface Fn {
  apply(a: v128, b: v128): v128;
}

/** 1 where a comparison holds, else 0. */
function truth(mask: v128): v128 {
  return v128.and(mask, f32x4.splat(1));
}

/** As ECMAScript has it: unlike in C, 1 to an undefined or infinite power is NaN. */
function power(a: f32, b: f32): f32 {
  if (b !== b || (Mathf.abs(a) === 1 && Mathf.abs(b) === Infinity)) return NaN;
  return Mathf.pow(a, b);
}

/** What division to the whole number below leaves; in float64 it is exact as long as the quotient is. */
function remainder(a: f32, b: f32): f32 {
  const quotient = floor<f64>(<f64>a / <f64>b);
  if (abs<f64>(quotient) < 268435456 && abs<f32>(b) !== Infinity)
    return <f32>(<f64>a - quotient * <f64>b);
  const rest = a % b;
  return rest !== 0 && rest < 0 !== b < 0 ? rest + b : rest;
}

@unmanaged
class Add {
  @inline apply(a: v128, b: v128): v128 {
    return f32x4.add(a, b);
  }
}

@unmanaged
class And {
  @inline apply(a: v128, b: v128): v128 {
    const zero = f32x4.splat(0);
    return truth(v128.and(f32x4.ne(a, zero), f32x4.ne(b, zero)));
  }
}

@unmanaged
class Divide {
  @inline apply(a: v128, b: v128): v128 {
    return f32x4.div(a, b);
  }
}

@unmanaged
class Equal {
  @inline apply(a: v128, b: v128): v128 {
    return truth(f32x4.eq(a, b));
  }
}

@unmanaged
class Greater {
  @inline apply(a: v128, b: v128): v128 {
    return truth(f32x4.gt(a, b));
  }
}

@unmanaged
class GreaterEqual {
  @inline apply(a: v128, b: v128): v128 {
    return truth(f32x4.ge(a, b));
  }
}

@unmanaged
class Less {
  @inline apply(a: v128, b: v128): v128 {
    return truth(f32x4.lt(a, b));
  }
}

@unmanaged
class LessEqual {
  @inline apply(a: v128, b: v128): v128 {
    return truth(f32x4.le(a, b));
  }
}

@unmanaged
class Max {
  @inline apply(a: v128, b: v128): v128 {
    return f32x4.max(a, b);
  }
}

@unmanaged
class Min {
  @inline apply(a: v128, b: v128): v128 {
    return f32x4.min(a, b);
  }
}

@unmanaged
class Multiply {
  @inline apply(a: v128, b: v128): v128 {
    return f32x4.mul(a, b);
  }
}

@unmanaged
class NotEqual {
  @inline apply(a: v128, b: v128): v128 {
    return truth(f32x4.ne(a, b));
  }
}

@unmanaged
class Or {
  @inline apply(a: v128, b: v128): v128 {
    const zero = f32x4.splat(0);
    return truth(v128.or(f32x4.ne(a, zero), f32x4.ne(b, zero)));
  }
}

@unmanaged
class Pow {
  @inline apply(a: v128, b: v128): v128 {
    if (i32x4.all_true(f32x4.eq(b, f32x4.splat(2)))) return f32x4.mul(a, a);
    let y = f32x4.splat(power(f32x4.extract_lane(a, 0), f32x4.extract_lane(b, 0)));
    y = f32x4.replace_lane(y, 1, power(f32x4.extract_lane(a, 1), f32x4.extract_lane(b, 1)));
    y = f32x4.replace_lane(y, 2, power(f32x4.extract_lane(a, 2), f32x4.extract_lane(b, 2)));
    return f32x4.replace_lane(y, 3, power(f32x4.extract_lane(a, 3), f32x4.extract_lane(b, 3)));
  }
}

@unmanaged
class Remainder {
  @inline apply(a: v128, b: v128): v128 {
    let y = f32x4.splat(remainder(f32x4.extract_lane(a, 0), f32x4.extract_lane(b, 0)));
    y = f32x4.replace_lane(y, 1, remainder(f32x4.extract_lane(a, 1), f32x4.extract_lane(b, 1)));
    y = f32x4.replace_lane(y, 2, remainder(f32x4.extract_lane(a, 2), f32x4.extract_lane(b, 2)));
    return f32x4.replace_lane(y, 3, remainder(f32x4.extract_lane(a, 3), f32x4.extract_lane(b, 3)));
  }
}

@unmanaged
class Subtract {
  @inline apply(a: v128, b: v128): v128 {
    return f32x4.sub(a, b);
  }
}

/** A step of 0 repeats the four numbers at the address: those of an operand that broadcasts. */
function line<F extends Fn>(
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  y: usize,
  count: i32,
): void {
  const fn = changetype<F>(0);
  const end = y + <usize>(count & ~3) * 4;
  while (y < end) {
    v128.store(y, fn.apply(v128.load(a), v128.load(b)));
    a += aStep;
    b += bStep;
    y += 16;
  }
  const rest = count & 3;
  if (rest > 0) {
    const result = fn.apply(Lanes.loadPart(a, rest), Lanes.loadPart(b, rest));
    Lanes.storePart(y, result, rest);
  }
}

export function binaryLine(
  fn: i32,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  y: usize,
  count: i32,
): void {
  switch (fn) {
    case code.add:
      return line<Add>(a, aStep, b, bStep, y, count);
    case code.and:
      return line<And>(a, aStep, b, bStep, y, count);
    case code.divide:
      return line<Divide>(a, aStep, b, bStep, y, count);
    case code.equal:
      return line<Equal>(a, aStep, b, bStep, y, count);
    case code.greater:
      return line<Greater>(a, aStep, b, bStep, y, count);
    case code.greaterEqual:
      return line<GreaterEqual>(a, aStep, b, bStep, y, count);
    case code.less:
      return line<Less>(a, aStep, b, bStep, y, count);
    case code.lessEqual:
      return line<LessEqual>(a, aStep, b, bStep, y, count);
    case code.max:
      return line<Max>(a, aStep, b, bStep, y, count);
    case code.min:
      return line<Min>(a, aStep, b, bStep, y, count);
    case code.multiply:
      return line<Multiply>(a, aStep, b, bStep, y, count);
    case code.notEqual:
      return line<NotEqual>(a, aStep, b, bStep, y, count);
    case code.or:
      return line<Or>(a, aStep, b, bStep, y, count);
    case code.pow:
      return line<Pow>(a, aStep, b, bStep, y, count);
    case code.remainder:
      return line<Remainder>(a, aStep, b, bStep, y, count);
    case code.subtract:
      return line<Subtract>(a, aStep, b, bStep, y, count);
  }
}

/** y = condition ≠ 0 ? a : b. */
export function whereLine(
  condition: usize,
  conditionStep: usize,
  a: usize,
  aStep: usize,
  b: usize,
  bStep: usize,
  y: usize,
  count: i32,
): void {
  const zero = f32x4.splat(0);
  const end = y + <usize>(count & ~3) * 4;
  while (y < end) {
    const chosen = f32x4.ne(v128.load(condition), zero);
    v128.store(y, v128.bitselect(v128.load(a), v128.load(b), chosen));
    condition += conditionStep;
    a += aStep;
    b += bStep;
    y += 16;
  }
  const rest = count & 3;
  if (rest > 0) {
    const chosen = f32x4.ne(Lanes.loadPart(condition, rest), zero);
    const part = v128.bitselect(Lanes.loadPart(a, rest), Lanes.loadPart(b, rest), chosen);
    Lanes.storePart(y, part, rest);
  }
}
