using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel.Enforcement;

/// <summary>Kernel tables that a policy is written to. One owner.</summary>
internal interface IPolicyTarget
{
    /// <summary>Whether the kernel decides by another policy for a while.</summary>
    bool OnTrial { get; }

    /// <summary>Brings a whole policy into force in one step.</summary>
    void Replace(BoardSnapshot snapshot);

    /// <summary>Writes or removes one entry. False: the whole must be replaced.</summary>
    /// <exception cref="KernelException">The kernel refused.</exception>
    bool TryApply(Prefix scope, PolicyEntry? entry);

    /// <summary>Whether the kernel holds exactly this of a scope from now on; null: nothing.</summary>
    bool Holds(Prefix scope, PolicyEntry? entry);

    /// <summary>Moves out scopes that the kernel has entries for, a slice at a time. False: that was the last slice.</summary>
    bool List(List<Prefix> into, int max);
}
