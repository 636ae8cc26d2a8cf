"""Makes the tiny random checkpoints of test/reference/hf and what Hugging Face transformers computes with them.

    pip install torch==2.13.0 transformers==5.18.0 safetensors==0.8.0
    python test/reference/hf/generate.py [NAME…]

Every folder is one checkpoint as the hub has it: config.json and model.safetensors under the family's own names. Beside
them golden.safetensors holds, computed in float64: `tokens` (or `pixels`), `hidden.0` … (the stream before every layer,
then the last one as transformers returns it), `attention.0` … and `logits` where the model has them. T5 has `decoder.`
and `cross.` in front of those of its decoder. Weights are random and not small, so that no part hides behind another.
"""

import json
import pathlib
import sys

import torch
import transformers
from safetensors.torch import load_file, save_file

HERE = pathlib.Path(__file__).parent
V, D, HEADS, FF, L, N = 40, 16, 4, 24, 2, 7
TINY = dict(vocab_size=V, hidden_size=D, num_attention_heads=HEADS, num_hidden_layers=L, intermediate_size=FF)
GROUPED = dict(TINY, num_key_value_heads=2)
SHORT = dict(bos_token_id=1, eos_token_id=2, pad_token_id=0)
WINDOW = dict(sliding_window=3)

CASES = {
    "gpt2": ("GPT2LMHeadModel", dict(vocab_size=V, n_embd=D, n_head=HEADS, n_layer=L, n_positions=12)),
    "gpt2-scaled": (
        "GPT2LMHeadModel",
        dict(vocab_size=V, n_embd=D, n_head=HEADS, n_layer=L, n_positions=12, n_inner=20,
             scale_attn_by_inverse_layer_idx=True, activation_function="relu"),
    ),
    "gpt-neox": ("GPTNeoXForCausalLM", dict(TINY, hidden_size=32, rotary_pct=0.5, max_position_embeddings=12)),
    "gpt-neox-sequential": (
        "GPTNeoXForCausalLM",
        dict(TINY, rotary_pct=0.5, use_parallel_residual=False, attention_bias=False, tie_word_embeddings=True),
    ),
    "gpt-j": (
        "GPTJForCausalLM",
        dict(vocab_size=V, n_embd=32, n_head=HEADS, n_layer=L, n_inner=FF, rotary_dim=4, n_positions=12,
             tie_word_embeddings=False),
    ),
    "opt": (
        "OPTForCausalLM",
        dict(vocab_size=V, hidden_size=D, num_attention_heads=HEADS, num_hidden_layers=L, ffn_dim=FF,
             word_embed_proj_dim=D, max_position_embeddings=12, **SHORT),
    ),
    "opt-post-norm": (
        "OPTForCausalLM",
        dict(vocab_size=V, hidden_size=D, num_attention_heads=HEADS, num_hidden_layers=L, ffn_dim=FF,
             word_embed_proj_dim=8, do_layer_norm_before=False, max_position_embeddings=12, **SHORT),
    ),
    "llama": ("LlamaForCausalLM", dict(GROUPED, max_position_embeddings=12)),
    "llama-3.1": (
        "LlamaForCausalLM",
        dict(GROUPED, head_dim=8, max_position_embeddings=64, attention_bias=True, mlp_bias=True, tie_word_embeddings=True,
             rope_theta=50.0,
             rope_scaling=dict(rope_type="llama3", factor=4.0, low_freq_factor=1.0, high_freq_factor=4.0,
                               original_max_position_embeddings=16)),
    ),
    "llama-linear": (
        "LlamaForCausalLM",
        dict(GROUPED, max_position_embeddings=12, rope_scaling=dict(rope_type="linear", factor=2.0)),
    ),
    "llama-yarn": (
        "LlamaForCausalLM",
        dict(GROUPED, head_dim=8, max_position_embeddings=64, rope_theta=50.0,
             rope_scaling=dict(rope_type="yarn", factor=4.0, original_max_position_embeddings=16,
                               beta_fast=4.0, beta_slow=1.0)),
    ),
    "mistral": ("MistralForCausalLM", dict(GROUPED, head_dim=6, **WINDOW)),
    "qwen2": (
        "Qwen2ForCausalLM",
        dict(GROUPED, use_sliding_window=True, max_window_layers=1, **WINDOW),
    ),
    "qwen3": ("Qwen3ForCausalLM", dict(GROUPED, head_dim=8)),
    "gemma": ("GemmaForCausalLM", dict(GROUPED, head_dim=6)),
    "gemma2": ("Gemma2ForCausalLM", dict(GROUPED, head_dim=6, query_pre_attn_scalar=9, **WINDOW)),
    "gemma3": (
        "Gemma3ForCausalLM",
        dict(GROUPED, head_dim=6, query_pre_attn_scalar=9, num_hidden_layers=3,
             layer_types=["sliding_attention", "sliding_attention", "full_attention"],
             rope_parameters=dict(
                 sliding_attention=dict(rope_type="default", rope_theta=100.0),
                 full_attention=dict(rope_type="linear", factor=8.0, rope_theta=1000.0)),
             **WINDOW),
    ),
    "phi2": ("PhiForCausalLM", dict(TINY, hidden_size=32, partial_rotary_factor=0.5)),
    "phi2-qk-norm": ("PhiForCausalLM", dict(GROUPED, partial_rotary_factor=0.5, qk_layernorm=True)),
    "phi3": ("Phi3ForCausalLM", dict(GROUPED, **WINDOW, **SHORT)),
    "phi3-longrope": (
        "Phi3ForCausalLM",
        dict(GROUPED, hidden_size=32, max_position_embeddings=64, original_max_position_embeddings=16, **SHORT,
             rope_scaling=dict(rope_type="longrope", short_factor=[1.0, 1.1, 1.3, 1.7], long_factor=[1.0, 2.0, 4.0, 8.0])),
    ),
    "falcon-7b": ("FalconForCausalLM", dict(TINY, multi_query=True, bias=False)),
    "falcon-40b": (
        "FalconForCausalLM",
        dict(TINY, new_decoder_architecture=True, num_kv_heads=2, bias=False),
    ),
    "falcon-rw": (
        "FalconForCausalLM",
        dict(TINY, multi_query=False, alibi=True, bias=True, parallel_attn=False),
    ),
    "bloom": ("BloomForCausalLM", dict(vocab_size=V, hidden_size=18, n_head=3, n_layer=L)),
    "mpt": ("MptForCausalLM", dict(vocab_size=V, d_model=D, n_heads=HEADS, n_layers=L, max_seq_len=12)),
    "starcoder2": ("Starcoder2ForCausalLM", dict(GROUPED, **WINDOW)),
    "olmo2": ("Olmo2ForCausalLM", dict(GROUPED)),
    "mixtral": ("MixtralForCausalLM", dict(GROUPED, num_local_experts=3, num_experts_per_tok=2)),
    "qwen2-moe": (
        "Qwen2MoeForCausalLM",
        dict(GROUPED, num_experts=3, num_experts_per_tok=2, moe_intermediate_size=10,
             shared_expert_intermediate_size=12),
    ),
    "qwen3-moe": (
        "Qwen3MoeForCausalLM",
        dict(GROUPED, head_dim=8, num_experts=3, num_experts_per_tok=2, moe_intermediate_size=10, norm_topk_prob=True),
    ),
    "qwen3-moe-mixed": (
        "Qwen3MoeForCausalLM",
        dict(GROUPED, head_dim=8, num_experts=3, num_experts_per_tok=2, moe_intermediate_size=10, mlp_only_layers=[0]),
    ),
    "bert": ("BertForMaskedLM", dict(TINY, max_position_embeddings=12)),
    "roberta": ("RobertaForMaskedLM", dict(TINY, max_position_embeddings=12, type_vocab_size=1, **SHORT)),
    "distilbert": (
        "DistilBertForMaskedLM",
        dict(vocab_size=V, dim=D, n_heads=HEADS, n_layers=L, hidden_dim=FF, max_position_embeddings=12),
    ),
    "vit": (
        "ViTForImageClassification",
        dict(hidden_size=D, num_attention_heads=HEADS, num_hidden_layers=L, intermediate_size=FF, image_size=8,
             patch_size=4, num_labels=5),
    ),
    "t5": (
        "T5ForConditionalGeneration",
        dict(vocab_size=V, d_model=D, d_kv=6, d_ff=FF, num_layers=L, num_heads=3, decoder_start_token_id=0,
             relative_attention_num_buckets=8, relative_attention_max_distance=10),
    ),
    "t5-gated": (
        "T5ForConditionalGeneration",
        dict(vocab_size=V, d_model=D, d_kv=4, d_ff=FF, num_layers=L, num_decoder_layers=1, num_heads=HEADS,
             decoder_start_token_id=0, feed_forward_proj="gated-gelu", tie_word_embeddings=False),
    ),
}


# Falcon's eager attention adds ALiBi twice in this version (to the mask and to the scores); its usual one does not, but
# gives no patterns.
WITHOUT_PATTERNS = {"falcon-rw"}


def randomize(model):
    """Norm weights stay around what they start from; everything else gets values that matter."""
    with torch.no_grad():
        for name, value in model.named_parameters():
            noise = torch.randn_like(value)
            if value.dim() == 1:
                value.add_(noise * 0.2)
            elif "embed" in name or "wte" in name or "wpe" in name or "shared" in name:
                value.copy_(noise * 0.5)
            else:
                value.copy_(noise * 1.2 / value.shape[-1] ** 0.5)


def inputs_of(model, name):
    if name.startswith("vit"):
        return dict(pixel_values=torch.randn(1, 3, 8, 8).float().double())
    tokens = torch.randint(3, V, (1, N))
    if name.startswith("t5"):
        return dict(input_ids=tokens, decoder_input_ids=torch.randint(3, V, (1, 5)))
    return dict(input_ids=tokens)


def golden(model, name):
    inputs = inputs_of(model, name)
    with torch.no_grad():
        patterns = name not in WITHOUT_PATTERNS
        out = model(**inputs, output_hidden_states=True, output_attentions=patterns, **(
            {} if name.startswith(("bert", "roberta", "distilbert", "vit")) else dict(use_cache=False)))
    kept = {"logits": out.logits}
    def keep(prefix, values):
        for i, value in enumerate(values):
            kept[f"{prefix}.{i}"] = value
    if name.startswith("t5"):
        keep("hidden", out.encoder_hidden_states)
        keep("attention", out.encoder_attentions)
        keep("decoder.hidden", out.decoder_hidden_states)
        keep("decoder.attention", out.decoder_attentions)
        keep("cross.attention", out.cross_attentions)
    else:
        keep("hidden", out.hidden_states)
        keep("attention", out.attentions or ())
    result = {key: value[0].float().contiguous() for key, value in kept.items()}
    for key, value in inputs.items():
        whole = value.dtype == torch.int64
        result[key] = value[0].to(torch.int32 if whole else torch.float32).contiguous()
    return result


def make(name):
    kind, settings = CASES[name]
    torch.manual_seed(sum(name.encode()))
    architecture = getattr(transformers, kind)
    config = architecture.config_class(**settings)
    config._attn_implementation = "sdpa" if name in WITHOUT_PATTERNS else "eager"
    config._experts_implementation = "eager"
    model = architecture(config).float().eval()
    randomize(model)
    folder = HERE / name
    folder.mkdir(exist_ok=True)
    model.save_pretrained(folder)
    for extra in ("generation_config.json",):
        (folder / extra).unlink(missing_ok=True)
    save_file(golden(model.double(), name), folder / "golden.safetensors")
    size = sum(file.stat().st_size for file in folder.iterdir())
    print(f"{name}: {size} bytes")


if __name__ == "__main__":
    versions = dict(torch=torch.__version__, transformers=transformers.__version__)
    for name in sys.argv[1:] or CASES:
        make(name)
    (HERE / "versions.json").write_text(json.dumps(versions, indent=2) + "\n")
