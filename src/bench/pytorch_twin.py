"""The bench's models in PyTorch: the same shapes, batch, loss and Adam; prints PyTorch's step beside ours.

    python3 pytorch_twin.py bench.json [output.json]

Weights are PyTorch's own first draws: this is for time alone. Each model runs eagerly with TF32 off and on, under torch.compile, and in
bf16 autocast. A time is the median over turns of many steps, with one wait for the device at the end of a turn, as in the bench.
"""
import json
import statistics
import sys
import time

import torch
import torch.nn as nn
import torch.nn.functional as F

SIDE, CLASSES = 64, 10
device = torch.device('cuda' if torch.cuda.is_available() else 'cpu')


class Layer(nn.Module):
    """Convolution and group normalisation, eight channels to a group."""

    def __init__(self, inputs, outputs, size, stride):
        super().__init__()
        self.convolution = nn.Conv2d(inputs, outputs, size, stride, size // 2, bias=False)
        self.normalisation = nn.GroupNorm(outputs // min(8, outputs), outputs)

    def forward(self, x):
        return self.normalisation(self.convolution(x))


class Block(nn.Module):
    def __init__(self, inputs, outputs, stride):
        super().__init__()
        self.first = Layer(inputs, outputs, 3, stride)
        self.second = Layer(outputs, outputs, 3, 1)
        same = stride == 1 and inputs == outputs
        self.shortcut = nn.Identity() if same else Layer(inputs, outputs, 1, stride)

    def forward(self, x):
        return F.relu(self.second(F.relu(self.first(x))) + self.shortcut(x))


class ResNet(nn.Module):
    def __init__(self, width, blocks):
        super().__init__()
        layers, channels = [], width
        for stage in range(4):
            for block in range(blocks):
                layers.append(Block(channels, width << stage, 2 if stage > 0 and block == 0 else 1))
                channels = width << stage
        self.stem, self.layers, self.dimensions = Layer(1, width, 3, 2), nn.Sequential(*layers), channels

    def forward(self, films):
        return self.layers(F.relu(self.stem(films))).mean((2, 3))


def attend(q, k, v, heads):
    batch, tokens, dimensions = q.shape
    split = lambda x: x.reshape(batch, tokens, heads, -1).transpose(1, 2)
    mixed = F.scaled_dot_product_attention(split(q), split(k), split(v))
    return mixed.transpose(1, 2).reshape(batch, tokens, dimensions)


class VisionBlock(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.norm1, self.norm2 = nn.LayerNorm(d, eps=1e-6), nn.LayerNorm(d, eps=1e-6)
        self.qkv, self.proj = nn.Linear(d, 3 * d), nn.Linear(d, d)
        self.fc1, self.fc2 = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x):
        x = x + self.proj(attend(*self.qkv(self.norm1(x)).chunk(3, -1), self.heads))
        return x + self.fc2(F.gelu(self.fc1(self.norm2(x))))


class VisionTransformer(nn.Module):
    def __init__(self, d, depth, heads, patch):
        super().__init__()
        self.patches = nn.Conv2d(1, d, patch, patch)
        self.token = nn.Parameter(torch.zeros(1, 1, d))
        self.positions = nn.Parameter(torch.randn(1, 1 + (SIDE // patch) ** 2, d) * 0.02)
        self.blocks = nn.Sequential(*[VisionBlock(d, heads) for _ in range(depth)])
        self.norm, self.dimensions = nn.LayerNorm(d, eps=1e-6), d

    def forward(self, films):
        x = self.patches(films).flatten(2).transpose(1, 2)
        x = torch.cat([self.token.expand(len(x), -1, -1), x], 1) + self.positions
        return self.norm(self.blocks(x))[:, 0]


class TextBlock(nn.Module):
    def __init__(self, d, heads):
        super().__init__()
        self.heads = heads
        self.q, self.k, self.v, self.proj = (nn.Linear(d, d) for _ in range(4))
        self.norm1, self.norm2 = nn.LayerNorm(d, eps=1e-12), nn.LayerNorm(d, eps=1e-12)
        self.fc1, self.fc2 = nn.Linear(d, 4 * d), nn.Linear(4 * d, d)

    def forward(self, x):
        y = self.norm1(x + self.proj(attend(self.q(x), self.k(x), self.v(x), self.heads)))
        return self.norm2(y + self.fc2(F.gelu(self.fc1(y))))


class TextTransformer(nn.Module):
    def __init__(self, vocabulary, tokens, d, depth, heads):
        super().__init__()
        self.words, self.positions = nn.Embedding(vocabulary, d), nn.Parameter(torch.randn(tokens, d) * 0.02)
        self.types, self.norm = nn.Parameter(torch.randn(1, d) * 0.02), nn.LayerNorm(d, eps=1e-12)
        self.blocks, self.dimensions = nn.Sequential(*[TextBlock(d, heads) for _ in range(depth)]), d

    def forward(self, ids):
        return self.blocks(self.norm(self.words(ids) + self.positions + self.types)).mean(1)


def encoder_of(a):
    if a['kind'] == 'resnet':
        return ResNet(a['width'], a['blocks'])
    if a['kind'] == 'vit':
        return VisionTransformer(a['dimensions'], a['depth'], a['heads'], a['patch'])
    return TextTransformer(a['vocabulary'], a['tokens'], a['dimensions'], a['depth'], a['heads'])


class Model(nn.Module):
    """An architecture of the bench with its loss."""

    def __init__(self, a):
        super().__init__()
        self.kind = a['kind']
        if self.kind == 'probe':
            self.head = nn.Linear(a['dimensions'], 1)
        elif self.kind == 'pair':
            self.image, self.text = encoder_of(a['image']), encoder_of(a['text'])
            self.image_head = nn.Linear(self.image.dimensions, a['dimensions'])
            self.text_head = nn.Linear(self.text.dimensions, a['dimensions'])
        else:
            self.encoder = encoder_of(a)
            self.head = nn.Linear(self.encoder.dimensions, CLASSES)

    def forward(self, batch):
        if self.kind == 'probe':
            return F.binary_cross_entropy_with_logits(self.head(batch['features']), batch['labels'])
        if self.kind == 'pair':
            films = F.normalize(self.image_head(self.image(batch['films'])), dim=1)
            reports = F.normalize(self.text_head(self.text(batch['ids'])), dim=1)
            logits = films @ reports.T / 0.07
            target = torch.arange(len(logits), device=logits.device)
            return (F.cross_entropy(logits, target) + F.cross_entropy(logits.T, target)) / 2
        return F.cross_entropy(self.head(self.encoder(batch['ids' if self.kind == 'text' else 'films'])), batch['targets'])


def batch_of(a, size):
    text = a['text'] if a['kind'] == 'pair' else a
    batch = {'targets': torch.arange(size) % CLASSES, 'films': torch.randn(size, 1, SIDE, SIDE)}
    if a['kind'] == 'probe':
        batch = {'features': torch.randn(size, a['dimensions']), 'labels': torch.arange(size).remainder(2).float()[:, None]}
    elif text['kind'] == 'text':
        batch['ids'] = torch.randint(5, text['vocabulary'], (size, text['tokens']))
    return {name: value.to(device) for name, value in batch.items()}


def wait():
    if device.type == 'cuda':
        torch.cuda.synchronize()


def time_step(row, compiled, bf16):
    """Milliseconds of a step."""
    torch.manual_seed(0)
    model = Model(row['architecture']).to(device)
    batch = batch_of(row['architecture'], row['batch'])
    fused = {'fused': True} if device.type == 'cuda' else {}
    optimizer = torch.optim.Adam(model.parameters(), 1e-3, **fused)
    forward = torch.compile(model) if compiled else model

    def step():
        optimizer.zero_grad(set_to_none=True)
        with torch.autocast(device.type, torch.bfloat16, enabled=bf16):
            loss = forward(batch)
        loss.backward()
        optimizer.step()
        return loss

    for _ in range(5):
        loss = step()
    wait()
    begin = time.perf_counter()
    step()
    wait()
    steps = max(1, min(50, int(0.3 / (time.perf_counter() - begin))))
    turns = []
    for _ in range(7):
        begin = time.perf_counter()
        for _ in range(steps):
            loss = step()
        loss.item()
        turns.append(1e3 * (time.perf_counter() - begin) / steps)
    return statistics.median(turns)


def set_tf32(on):
    torch.backends.cuda.matmul.allow_tf32 = on
    torch.backends.cudnn.allow_tf32 = on


VARIANTS = [  # name, TF32, torch.compile, bf16
    ('eager f32', False, False, False),
    ('eager TF32', True, False, False),
    ('compile f32', False, True, False),
    ('compile TF32', True, True, False),
    ('eager bf16', True, False, True),
    ('compile bf16', True, True, True),
]


def main(source, target=None):
    with open(source) as file:
        bench = json.load(file)
    name = torch.cuda.get_device_name() if device.type == 'cuda' else 'processor'
    print(f'PyTorch {torch.__version__} on {name}; ours on {bench["adapter"]}, {bench["runtime"]}')
    print(f'{"model":22}{"ours ms":>9}  ' + '  '.join(f'{variant[0]:>20}' for variant in VARIANTS) + '   (ms, ours ÷ PyTorch)')
    rows = []
    for row in bench['models']:
        times, cells = {}, []
        for variant, tf32, compiled, bf16 in VARIANTS:
            set_tf32(tf32)
            try:
                times[variant] = time_step(row, compiled, bf16)
                cells.append(f'{times[variant]:9.3f} ({row["ms"] / times[variant]:7.2f}×)')
            except Exception as error:  # a compiler or a type that this machine lacks
                times[variant] = None
                cells.append(type(error).__name__[:20])
        print(f'{row["model"]:22}{row["ms"]:9.3f}  ' + '  '.join(f'{cell:>20}' for cell in cells), flush=True)
        rows.append({'model': row['model'], 'batch': row['batch'], 'oursMs': row['ms'], 'pytorchMs': times})
    if target:
        with open(target, 'w') as file:
            json.dump({'pytorch': torch.__version__, 'device': name, 'models': rows}, file, indent=2)


main(*sys.argv[1:])
