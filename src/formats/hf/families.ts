/** Every family that can be imported: a new one is a file in `families` and a line here. */
import { bert, roberta } from './families/bert.ts';
import { bloom } from './families/bloom.ts';
import { distilbert } from './families/distilbert.ts';
import { falcon } from './families/falcon.ts';
import { gemma } from './families/gemma.ts';
import { gemma2 } from './families/gemma2.ts';
import { gemma3 } from './families/gemma3.ts';
import { gptJ } from './families/gpt-j.ts';
import { gptNeoX } from './families/gpt-neox.ts';
import { gpt2 } from './families/gpt2.ts';
import { llama } from './families/llama.ts';
import { mistral } from './families/mistral.ts';
import { mixtral } from './families/mixtral.ts';
import { mpt } from './families/mpt.ts';
import { olmo2 } from './families/olmo2.ts';
import { opt } from './families/opt.ts';
import { phi } from './families/phi.ts';
import { phi3 } from './families/phi3.ts';
import { qwen2 } from './families/qwen2.ts';
import { qwen2Moe } from './families/qwen2-moe.ts';
import { qwen3 } from './families/qwen3.ts';
import { qwen3Moe } from './families/qwen3-moe.ts';
import { starcoder2 } from './families/starcoder2.ts';
import { t5 } from './families/t5.ts';
import { vit } from './families/vit.ts';
import type { Family } from './family.ts';

export const families: readonly Family[] = [
  bert,
  bloom,
  distilbert,
  falcon,
  gemma,
  gemma2,
  gemma3,
  gptJ,
  gptNeoX,
  gpt2,
  llama,
  mistral,
  mixtral,
  mpt,
  olmo2,
  opt,
  phi,
  phi3,
  qwen2,
  qwen2Moe,
  qwen3,
  qwen3Moe,
  roberta,
  starcoder2,
  t5,
  vit,
];
