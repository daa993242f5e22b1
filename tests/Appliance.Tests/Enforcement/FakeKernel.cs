using Blackwall.Kernel;
using Blackwall.Kernel.Enforcement;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Tests.Enforcement;

/// <summary>Tables that refuse when they are told to, and that somebody else can change.</summary>
internal sealed class FakeKernel : IPolicyTarget
{
    public Dictionary<Prefix, PolicyEntry> Entries { get; } = [];

    /// <summary>How many writes will still fail.</summary>
    public int Refusing { get; set; }

    /// <summary>How many of the next writes will still succeed before that.</summary>
    public int Taking { get; set; }

    public int Wholes { get; private set; }

    public bool OnTrial => false;

    public void Replace(BoardSnapshot snapshot)
    {
        Write();
        Wholes++;
        Entries.Clear();
        foreach (PolicyEntry entry in snapshot.Entries.Span)
        {
            Entries[entry.Scope] = entry;
        }
    }

    public bool TryApply(Prefix scope, PolicyEntry? entry)
    {
        Write();
        if (entry is { } some)
        {
            Entries[scope] = some;
        }
        else
        {
            Entries.Remove(scope);
        }

        return true;
    }

    public bool Holds(Prefix scope, PolicyEntry? entry) => Entries.TryGetValue(scope, out PolicyEntry held)
        ? entry is { } some && held.DecisionId == some.DecisionId && held.Verdict == some.Verdict
        : entry is null;

    public bool List(List<Prefix> into, int max)
    {
        into.AddRange(Entries.Keys);
        return false;
    }

    private void Write()
    {
        if (Taking-- > 0 || Refusing <= 0)
        {
            return;
        }

        Refusing--;
        throw new KernelException("Cannot write to map TEST.", 12);
    }
}
