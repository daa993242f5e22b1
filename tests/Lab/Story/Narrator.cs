using System.Globalization;
using Blackwall.Lab.Edge;

namespace Blackwall.Lab.Story;

/// <summary>Tells the story as it happens, one line a thing, with the seconds since the start.</summary>
public sealed class Narrator(TextWriter writer)
{
    private readonly long _start = TimeProvider.System.GetTimestamp();
    private readonly Lock _gate = new();

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

        var wrong = facts.Count(f => !f.Holds);
        Write(string.Create(CultureInfo.InvariantCulture, $"\n{facts.Count} facts, {wrong} wrong"), stamp: false);
    }

    private void Write(string text, bool stamp)
    {
        var elapsed = TimeProvider.System.GetElapsedTime(_start).TotalSeconds;
        lock (_gate)
        {
            writer.WriteLine(stamp ? string.Create(CultureInfo.InvariantCulture, $"[{elapsed,6:0.0} s] {text}") : text);
            writer.Flush();
        }
    }
}
