using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Pipeline.Ports;

/// <summary>How the wall tries out a change: counted beside the policy in force, or in force until a date unless it is confirmed.</summary>
public interface IPolicyTrial
{
    EnforcementMode Mode { get; }

    /// <summary>Whether the mode can be changed while the appliance runs.</summary>
    bool HasWall { get; }

    /// <summary>Whether the wall goes back by itself at some time; also when an earlier process began it.</summary>
    bool OnTrial { get; }

    /// <summary>
    /// Makes a change to the board and brings it into force in one step. From the deadline on the wall by itself acts on what it held before,
    /// even when this process is gone. When the wall refuses, the change is undone and the task fails.
    /// </summary>
    Task BeginAsync(Action change, Action undo, EnforcementMode mode, DateTimeOffset deadline);

    /// <summary>Makes the change on trial stay. False: the deadline had passed; then <see cref="RevertAsync"/> is due.</summary>
    Task<bool> ConfirmAsync();

    /// <summary>Undoes a change on the board and brings what is left into force in one step.</summary>
    Task RevertAsync(Action undo, EnforcementMode mode);

    /// <summary>Has packets counted against entries that decide nothing; empty: no longer.</summary>
    Task ShadowAsync(ReadOnlyMemory<PolicyEntry> entries);

    /// <summary>Packets that met the shadow's entry of a scope; null: it has none.</summary>
    ulong? ShadowHits(Prefix scope);
}
