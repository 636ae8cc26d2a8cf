/** Functions of one tensor. Each is a class, so that the loop over a line is compiled once for it, its body inside. */
import * as code from './codes';
import { Lanes } from './lanes';
import { shareEnd, shareStart } from './share';
import { madd } from './tile';

interface Fn {
  apply(x: v128): v128;
}

@unmanaged
class Abs {
  @inline apply(x: v128): v128 {
    return f32x4.abs(x);
  }
}

@unmanaged
class Cos {
  @inline apply(x: v128): v128 {
    return Lanes.sine(x, 1);
  }
}

@unmanaged
class Exp {
  @inline apply(x: v128): v128 {
    return Lanes.exp(x);
  }
}

@unmanaged
class Floor {
  @inline apply(x: v128): v128 {
    return f32x4.floor(x);
  }
}

@unmanaged
class Gelu {
  @inline apply(x: v128): v128 {
    return f32x4.mul(x, Lanes.normalCdf(x));
  }
}

@unmanaged
class GeluTanh {
  @inline apply(x: v128): v128 {
    // 0.5 (1 + tanh u) = sigmoid(2u), and the sigmoid loses nothing where tanh is near -1.
    const cubic = f32x4.mul(f32x4.mul(x, x), f32x4.mul(x, f32x4.splat(0.07135481)));
    return f32x4.mul(x, Lanes.sigmoid(madd(x, f32x4.splat(1.5957691), cubic)));
  }
}

@unmanaged
class Log {
  @inline apply(x: v128): v128 {
    return Lanes.log(x);
  }
}

@unmanaged
class Negate {
  @inline apply(x: v128): v128 {
    return f32x4.neg(x);
  }
}

@unmanaged
class Not {
  @inline apply(x: v128): v128 {
    return v128.and(f32x4.eq(x, f32x4.splat(0)), f32x4.splat(1));
  }
}

@unmanaged
class Relu {
  @inline apply(x: v128): v128 {
    return f32x4.pmax(x, f32x4.splat(0));
  }
}

@unmanaged
class Rsqrt {
  @inline apply(x: v128): v128 {
    return f32x4.div(f32x4.splat(1), f32x4.sqrt(x));
  }
}

@unmanaged
class Sigmoid {
  @inline apply(x: v128): v128 {
    return Lanes.sigmoid(x);
  }
}

@unmanaged
class Silu {
  @inline apply(x: v128): v128 {
    return f32x4.mul(x, Lanes.sigmoid(x));
  }
}

@unmanaged
class Sin {
  @inline apply(x: v128): v128 {
    return Lanes.sine(x, 0);
  }
}

@unmanaged
class Softplus {
  @inline apply(x: v128): v128 {
    const e = Lanes.expBelowZero(f32x4.neg(f32x4.abs(x)), f32x4.splat(0));
    return f32x4.add(f32x4.pmax(x, f32x4.splat(0)), Lanes.log1p(e));
  }
}

@unmanaged
class Sqrt {
  @inline apply(x: v128): v128 {
    return f32x4.sqrt(x);
  }
}

@unmanaged
class Square {
  @inline apply(x: v128): v128 {
    return f32x4.mul(x, x);
  }
}

@unmanaged
class Tanh {
  @inline apply(x: v128): v128 {
    return Lanes.tanh(x);
  }
}

function line<F extends Fn>(x: usize, y: usize, count: i32): void {
  // An unmanaged object without fields needs no memory.
  const fn = changetype<F>(0);
  const end = x + <usize>(count & ~3) * 4;
  while (x < end) {
    v128.store(y, fn.apply(v128.load(x)));
    x += 16;
    y += 16;
  }
  const rest = count & 3;
  if (rest > 0) Lanes.storePart(y, fn.apply(Lanes.loadPart(x, rest)), rest);
}

@unmanaged
class Unary {
  fn: i32;
  rows: i32;
  columns: i32;
  x: usize;
  y: usize;
}

export function unary(at: usize, worker: i32, workers: i32): void {
  const u = changetype<Unary>(at);
  const row = shareStart(u.rows, worker, workers);
  const count = (shareEnd(u.rows, worker, workers) - row) * u.columns;
  const offset = <usize>row * u.columns * 4;
  unaryLine(u.fn, u.x + offset, u.y + offset, count);
}

/** y = fn(x) for numbers side by side. */
function unaryLine(fn: i32, x: usize, y: usize, count: i32): void {
  switch (fn) {
    case code.abs:
      return line<Abs>(x, y, count);
    case code.cos:
      return line<Cos>(x, y, count);
    case code.exp:
      return line<Exp>(x, y, count);
    case code.floor:
      return line<Floor>(x, y, count);
    case code.gelu:
      return line<Gelu>(x, y, count);
    case code.geluTanh:
      return line<GeluTanh>(x, y, count);
    case code.log:
      return line<Log>(x, y, count);
    case code.negate:
      return line<Negate>(x, y, count);
    case code.not:
      return line<Not>(x, y, count);
    case code.relu:
      return line<Relu>(x, y, count);
    case code.rsqrt:
      return line<Rsqrt>(x, y, count);
    case code.sigmoid:
      return line<Sigmoid>(x, y, count);
    case code.silu:
      return line<Silu>(x, y, count);
    case code.sin:
      return line<Sin>(x, y, count);
    case code.softplus:
      return line<Softplus>(x, y, count);
    case code.sqrt:
      return line<Sqrt>(x, y, count);
    case code.square:
      return line<Square>(x, y, count);
    case code.tanh:
      return line<Tanh>(x, y, count);
  }
}
