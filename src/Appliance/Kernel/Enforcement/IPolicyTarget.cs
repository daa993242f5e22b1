using Blackwall.Pipeline;

namespace Blackwall.Kernel.Enforcement;

/// <summary>Kernel tables that a policy is written to. One owner.</summary>
internal interface IPolicyTarget
{
    /// <summary>Brings a whole policy into force in one step.</summary>
    void Replace(BoardSnapshot snapshot);

    /// <summary>Writes or removes one entry. False: the whole must be replaced.</summary>
    bool TryApply(Prefix scope, PolicyEntry? entry);
}
