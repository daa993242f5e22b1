using System.Globalization;

namespace Blackwall.Lab.Story;

/// <summary>The facts of one run, in the order they were found.</summary>
public sealed class FactBook(Narrator narrator)
{
    private readonly List<Fact> _facts = [];

    public IReadOnlyList<Fact> All => _facts;

    public bool AllHold => _facts.TrueForAll(f => f.Holds);

    /// <summary>A number of which there must be none.</summary>
    public void None(string scene, string name, long actual) => Add(new Fact(scene, name, "0", Text(actual), actual == 0));

    /// <summary>A number of which there must be some.</summary>
    public void Some(string scene, string name, long actual) => Add(new Fact(scene, name, "> 0", Text(actual), actual > 0));

    public void Fewer(string scene, string name, long actual, long than) => Add(new Fact(scene, name, $"< {Text(than)}", Text(actual), actual < than));

    public void Is(string scene, string name, string expected, string actual) =>
        Add(new Fact(scene, name, expected, actual, string.Equals(expected, actual, StringComparison.Ordinal)));

    /// <summary>Something judged by more than a comparison.</summary>
    public void Holds(string scene, string name, string expected, string actual, bool holds) => Add(new Fact(scene, name, expected, actual, holds));

    /// <summary>A figure for the reader; no value of it is wrong.</summary>
    public void Report(string scene, string name, string actual) => Add(new Fact(scene, name, "reported", actual, Holds: true));

    /// <summary>Adds facts that were told already.</summary>
    public void Take(FactBook other) => _facts.AddRange(other._facts);

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private void Add(Fact fact)
    {
        _facts.Add(fact);
        narrator.Tell(fact);
    }
}
