/** One kernel an operator, one thread a value, no tiling. gpu.js reads these functions' text. */
export const plainKernels = {
  matmul: function matmul(a, b) {
    let sum = 0;
    for (let i = 0; i < this.constants.k; i++) sum += a[this.thread.y][i] * b[i][this.thread.x];
    return sum;
  },
  batchedMatmul: function batchedMatmul(a, b) {
    const first = Math.floor(this.thread.y / this.constants.rows) * this.constants.between;
    let sum = 0;
    for (let i = 0; i < this.constants.k; i++)
      sum += a[this.thread.y][i] * b[first + i][this.thread.x];
    return sum;
  },
  transposed: function transposed(a, b) {
    let sum = 0;
    for (let i = 0; i < this.constants.k; i++) sum += a[this.thread.y][i] * b[this.thread.x][i];
    return sum;
  },
  batchedTransposed: function batchedTransposed(a, b) {
    const first = Math.floor(this.thread.y / this.constants.rows) * this.constants.between;
    let sum = 0;
    for (let i = 0; i < this.constants.k; i++)
      sum += a[this.thread.y][i] * b[first + this.thread.x][i];
    return sum;
  },
  add: function add(a, b) {
    return a[this.thread.y][this.thread.x] + b[this.thread.y][this.thread.x];
  },
  addRow: function addRow(a, b) {
    return a[this.thread.y][this.thread.x] + b[this.thread.x];
  },
  scale: function scale(x) {
    return x[this.thread.y][this.thread.x] * this.constants.factor;
  },
  moments: function moments(x) {
    let mean = 0;
    for (let i = 0; i < this.constants.columns; i++) mean += x[this.thread.y][i];
    mean = mean / this.constants.columns;
    if (this.thread.x < 1) return mean;
    let variance = 0;
    for (let i = 0; i < this.constants.columns; i++) {
      const centred = x[this.thread.y][i] - mean;
      variance += centred * centred;
    }
    return Math.sqrt(variance / this.constants.columns + 0.00001);
  },
  normalise: function normalise(x, statistics, gamma, beta) {
    const centred = x[this.thread.y][this.thread.x] - statistics[this.thread.y][0];
    return (gamma[this.thread.x] * centred) / statistics[this.thread.y][1] + beta[this.thread.x];
  },
  splitHeads: function splitHeads(x) {
    const head = Math.floor(this.thread.y / this.constants.rows);
    const row = this.thread.y - head * this.constants.rows;
    return x[row][head * this.constants.width + this.thread.x];
  },
  mergeHeads: function mergeHeads(x) {
    const head = Math.floor(this.thread.x / this.constants.width);
    const column = this.thread.x - head * this.constants.width;
    return x[head * this.constants.rows + this.thread.y][column];
  },
  gather: function gather(table, ids) {
    return table[ids[this.thread.y][0]][this.thread.x];
  },
  concat: function concat(a, b) {
    const head = Math.floor(this.thread.y / this.constants.rows);
    const row = this.thread.y - head * this.constants.rows;
    if (row < this.constants.before) return a[head * this.constants.before + row][this.thread.x];
    return b[head * this.constants.added + row - this.constants.before][this.thread.x];
  },
  causalMask: function causalMask(x) {
    const row =
      this.thread.y - Math.floor(this.thread.y / this.constants.rows) * this.constants.rows;
    if (this.thread.x > row + this.constants.columns - this.constants.rows) return -1e30;
    return x[this.thread.y][this.thread.x];
  },
  sums: function sums(x) {
    let largest = x[this.thread.y][0];
    for (let i = 1; i < this.constants.columns; i++)
      largest = Math.max(largest, x[this.thread.y][i]);
    if (this.thread.x < 1) return largest;
    let sum = 0;
    for (let i = 0; i < this.constants.columns; i++) sum += Math.exp(x[this.thread.y][i] - largest);
    return sum;
  },
  softmax: function softmax(x, statistics) {
    const shifted = x[this.thread.y][this.thread.x] - statistics[this.thread.y][0];
    return Math.exp(shifted) / statistics[this.thread.y][1];
  },
  gelu: function gelu(x) {
    const v = x[this.thread.y][this.thread.x];
    return 0.5 * v * (1 + Math.tanh(0.7978845608 * (v + 0.044715 * v * v * v)));
  },
  relu: function relu(x) {
    return Math.max(x[this.thread.y][this.thread.x], 0);
  },
};
