using Blackwall.Classification.Embedded;

namespace Blackwall.Benchmarks.Model;

/// <summary>Somebody who opened flows in a traffic: what rules told of it, and its features over time.</summary>
/// <param name="Name">Its address.</param>
/// <param name="IsAttacker">By the labels of the traffic.</param>
internal sealed record SubjectScore(string Name, bool IsAttacker)
{
    private const int MostRows = 200;

    private int _events;

    /// <summary>Largest weight of evidence by kind.</summary>
    public Dictionary<string, double> Rules { get; } = new(StringComparer.Ordinal);

    /// <summary>Features at its 1st, 2nd, 4th, 8th, ... and each 16th event.</summary>
    public List<int[]> Rows { get; } = [];

    public double RuleScore => Rules.Values.Sum();

    public void Take(ReadOnlySpan<int> features)
    {
        _events++;
        if ((int.IsPow2(_events) || _events % 16 == 0) && Rows.Count < MostRows)
        {
            Rows.Add(features.ToArray());
        }
    }

    /// <summary>Highest opinion of the model, 0..1.</summary>
    public double ModelScore(EmbeddedModel model) => Rows.Count == 0 ? 0 : Rows.Max(row => model.Judge(row)) / 100.0;
}
