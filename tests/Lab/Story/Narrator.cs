using System.Globalization;
using Blackwall.Lab.Edge;

namespace Blackwall.Lab.Story;

/// <summary>Tells the story as it happens, one line a thing, with the seconds since the start.</summary>
public sealed class Narrator
{
    private readonly TextWriter _writer;
    private readonly long _start;
    private readonly Lock _gate = new();

    public Narrator(TextWriter writer)
        : this(writer, TimeProvider.System.GetTimestamp())
    {
    }

    private Narrator(TextWriter writer, long start) => (_writer, _start) = (writer, start);

    /// <summary>One who counts from the same moment and writes to a page of its own, to be read out later.</summary>
    public Narrator Apart(TextWriter page) => new(page, _start);

    /// <summary>Reads out what was written apart.</summary>
    public void ReadOut(string page) => Write(page.TrimEnd('\n'), stamp: false);

    public void Chapter(string title) => Write($"\n── {title} ", stamp: false);

    public void Say(string sentence) => Write(sentence, stamp: true);

    public void Tell(Fact fact)
    {
        var mark = fact.Holds ? "ok   " : "WRONG";
        var expectation = fact.Holds ? "" : $"   (expected {fact.Expected})";
        Write($"  {mark} {fact.Name}: {fact.Actual}{expectation}", stamp: true);
    }

    public void Tell(ApplianceEvent happened)
    {
        if (happened.Decision is not { } decision || string.Equals(decision.Origin, "guard", StringComparison.Ordinal))
        {
            return;
        }

        if (string.Equals(happened.Name, "lifted", StringComparison.Ordinal))
        {
            Write($"  · lifted: {decision.Verdict} {decision.Scope}", stamp: true);
            return;
        }

        Write($"  · decided: {decision}", stamp: true);
        foreach (var evidence in decision.Evidence ?? [])
        {
            Write($"      because: {evidence.Detail ?? evidence.Kind} [{evidence.Class}]", stamp: true);
        }
    }

    /// <summary>The closing table.</summary>
    public void Table(IReadOnlyList<Fact> facts)
    {
        Chapter("Facts");
        var name = facts.Select(f => f.Name.Length).DefaultIfEmpty(0).Max();
        var actual = Math.Min(60, facts.Select(f => f.Actual.Length).DefaultIfEmpty(0).Max());
        var scene = "";
        foreach (var fact in facts)
        {
            if (!string.Equals(scene, fact.Scene, StringComparison.Ordinal))
            {
                scene = fact.Scene;
                Write($"{scene}", stamp: false);
            }

            Write($"  {(fact.Holds ? "ok   " : "WRONG")} {fact.Name.PadRight(name)}  {fact.Actual.PadRight(actual)}  {fact.Expected}", stamp: false);
        }

        foreach (var fact in facts.Where(f => !f.Holds))
        {
            Write($"\nwrong: {fact.Scene}: {fact.Name}: {fact.Actual} (expected {fact.Expected})", stamp: false);
        }

        var wrong = facts.Count(f => !f.Holds);
        Write(string.Create(CultureInfo.InvariantCulture, $"\n{facts.Count} facts, {wrong} wrong"), stamp: false);
    }

    private void Write(string text, bool stamp)
    {
        var elapsed = TimeProvider.System.GetElapsedTime(_start).TotalSeconds;
        lock (_gate)
        {
            _writer.WriteLine(stamp ? string.Create(CultureInfo.InvariantCulture, $"[{elapsed,6:0.0} s] {text}") : text);
            _writer.Flush();
        }
    }
}
