using System.Globalization;
using Blackwall.Classification.Embedded;

namespace Blackwall.Benchmarks.Model;

/// <summary>Trains the embedded model: gradient descent in a fixed order from a fixed seed, so that the same data give the same weights.</summary>
internal sealed class Trainer
{
    private const int Epochs = 60;
    private const double Rate = 0.02;
    private const double Shrink = 1e-5;
    private const int Inputs = Opener.Features + 1;

    private readonly Random _dice = new(20261130);
    private readonly double[] _layer;
    private readonly double[] _last = new double[EmbeddedModel.Nodes + 1];

    public Trainer()
    {
        _layer = [.. Enumerable.Range(0, EmbeddedModel.Nodes * Inputs).Select(_ => (_dice.NextDouble() - 0.5) * 0.8)];
        for (int node = 0; node < EmbeddedModel.Nodes; node++)
        {
            _last[node] = (_dice.NextDouble() - 0.5) * 0.8;
        }
    }

    /// <param name="subjects">Each counts the same, however many rows it has; attackers and others together count the same.</param>
    public void Train(IReadOnlyList<SubjectScore> subjects)
    {
        double attackers = subjects.Count(s => s.IsAttacker), others = subjects.Count - attackers;
        (int[] Row, double Truth, double Weight)[] rows =
        [
            .. subjects.SelectMany(s => s.Rows.Select((row, i) => (row, s.IsAttacker ? 1.0 : 0.0, Math.Min(4, subjects.Count / (s.IsAttacker ? attackers : others) / 2 * 8 / (8 + s.Rows.Count))))),
        ];
        double[] active = new double[EmbeddedModel.Nodes];
        for (int epoch = 0; epoch < Epochs; epoch++)
        {
            _dice.Shuffle(rows);
            double rate = Rate / (1 + (epoch * 0.05));
            foreach ((int[] row, double truth, double weight) in rows)
            {
                double sum = _last[EmbeddedModel.Nodes];
                for (int node = 0; node < EmbeddedModel.Nodes; node++)
                {
                    double value = _layer[(node * Inputs) + Opener.Features];
                    for (int i = 0; i < Opener.Features; i++)
                    {
                        value += _layer[(node * Inputs) + i] * row[i] / 256;
                    }

                    active[node] = Math.Max(0, value);
                    sum += _last[node] * active[node];
                }

                double error = weight * rate * (truth - (1 / (1 + Math.Exp(-sum))));
                _last[EmbeddedModel.Nodes] += error;
                for (int node = 0; node < EmbeddedModel.Nodes; node++)
                {
                    double back = active[node] > 0 ? error * _last[node] : 0;
                    _last[node] += (error * active[node]) - (rate * Shrink * _last[node]);
                    if (back == 0)
                    {
                        continue;
                    }

                    for (int i = 0; i < Opener.Features; i++)
                    {
                        _layer[(node * Inputs) + i] += back * row[i] / 256;
                    }

                    _layer[(node * Inputs) + Opener.Features] += back;
                }
            }
        }
    }

    /// <summary>The weights as <see cref="EmbeddedModel.Read"/> reads them.</summary>
    public string Write(string data) => string.Join('\n', _layer.Concat(_last)
        .Select(weight => ((long)Math.Clamp(Math.Round(weight * EmbeddedModel.Scale), -1_000_000, 1_000_000)).ToString(CultureInfo.InvariantCulture)).Prepend($"data {data}")) + "\n";
}
