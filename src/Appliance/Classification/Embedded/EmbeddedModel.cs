using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Blackwall.Classification.Embedded;

/// <summary>
/// A small network of integers that says how much a source looks like an attacker: <see cref="Opener.Features"/> inputs, one layer, one number. The same
/// numbers give the same answer on every machine.
/// </summary>
internal sealed class EmbeddedModel
{
    /// <summary>Nodes of the layer.</summary>
    public const int Nodes = 12;

    /// <summary>Weights are held in 1/4,096.</summary>
    public const int Scale = 4096;

    private const int Layer = Nodes * (Opener.Features + 1);
    private const int Weights = Layer + Nodes + 1;

    // Percent by the last sum: 1/16 a step, from -8 to 8.
    private static readonly int[] s_percent = [.. Enumerable.Range(-128, 257).Select(step => (int)Math.Round(100 / (1 + Math.Exp(-step / 16.0))))];

    private readonly int[] _weights;

    private EmbeddedModel(int[] weights, string version, string data) => (_weights, Version, Data) = (weights, version, data);

    /// <summary>First half of the SHA-256 of its weights and of the code that counts and multiplies, as hexadecimal digits.</summary>
    public string Version { get; }

    /// <summary>SHA-256 of what it was trained on.</summary>
    public string Data { get; }

    /// <summary>The one that comes with the appliance.</summary>
    /// <exception cref="InvalidDataException">The build is damaged.</exception>
    public static EmbeddedModel Shipped()
    {
        string text = Resource("embedded-model");
        return Read(text, text + Resource("embedded-model-features") + Resource("embedded-model-code"));
    }

    /// <summary>A line "data HASH", then the weights, one a line: for each node the features' and a constant, then the nodes' and a constant.</summary>
    /// <param name="text">The file.</param>
    /// <param name="versioned">What the version is the hash of.</param>
    /// <exception cref="InvalidDataException">It is no such file.</exception>
    public static EmbeddedModel Read(string text, string versioned)
    {
        string[] lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        if (lines.Length != Weights + 1 || !lines[0].StartsWith("data ", StringComparison.Ordinal))
        {
            throw new InvalidDataException($"A model has a line of data and {Weights} weights; this has {lines.Length} lines.");
        }

        int[] weights = [.. lines.Skip(1).Select(line => int.TryParse(line, CultureInfo.InvariantCulture, out int weight) ? weight : throw new InvalidDataException($"'{line}' is no weight."))];
        return new EmbeddedModel(weights, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(versioned)))[..32], lines[0][5..]);
    }

    /// <summary>0..100. Allocates nothing.</summary>
    /// <param name="features">Of <see cref="Opener.Write"/>.</param>
    public int Judge(ReadOnlySpan<int> features)
    {
        ReadOnlySpan<int> weights = _weights;
        long sum = weights[Weights - 1] * 256L;
        for (int node = 0; node < Nodes; node++)
        {
            ReadOnlySpan<int> row = weights.Slice(node * (Opener.Features + 1), Opener.Features + 1);
            long value = row[Opener.Features] * 256L;
            for (int i = 0; i < Opener.Features; i++)
            {
                value += (long)row[i] * features[i];
            }

            // A feature of 256 is one.
            if (value > 0)
            {
                sum += value / Scale * weights[Layer + node];
            }
        }

        // The sum is in 1/256 of 1/4,096.
        long step = sum * 16 / (256L * Scale);
        return s_percent[(int)Math.Clamp(step, -128, 128) + 128];
    }

    private static string Resource(string name)
    {
        using Stream stream = typeof(EmbeddedModel).Assembly.GetManifestResourceStream(name) ?? throw new InvalidDataException($"{name} is not embedded.");
        using StreamReader reader = new(stream);
        return reader.ReadToEnd();
    }
}
