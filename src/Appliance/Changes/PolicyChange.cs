using System.Globalization;
using Blackwall.Kernel.Abi;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Changes;

/// <summary>A change of the operator's policy with its course.</summary>
/// <param name="Id">Counts up over restarts.</param>
/// <param name="State">How far it has come.</param>
/// <param name="Rules">Rules that it makes and removes.</param>
/// <param name="Mode">Mode that it brings; null: as it is.</param>
/// <param name="Comment">For a person.</param>
/// <param name="Actor">Who proposed it.</param>
/// <param name="Created">When it was proposed.</param>
public sealed record PolicyChange(long Id, ChangeState State, RuleChange Rules, EnforcementMode? Mode, string? Comment, string Actor, DateTimeOffset Created)
{
    /// <summary>When the kernel takes it back by itself; null: it was never in force.</summary>
    public DateTimeOffset? Deadline { get; init; }

    /// <summary>The deadline in milliseconds of the board's clock.</summary>
    internal long Ends { get; init; } = long.MaxValue;

    /// <summary>When it was confirmed, reverted or discarded.</summary>
    public DateTimeOffset? Ended { get; init; }

    /// <summary>Why it ended, one sentence.</summary>
    public string? Outcome { get; init; }

    /// <summary>Mode to go back to.</summary>
    public EnforcementMode ModeBefore { get; init; }

    /// <summary>Rules to go back to.</summary>
    public IReadOnlyList<Decision> Replaced { get; init; } = [];

    /// <summary>Whether the store has it as it is.</summary>
    public bool Stored { get; init; } = true;

    /// <summary>What it brings, for a log line: "mode enforce", "3 rules made, 1 removed".</summary>
    public string What
    {
        get
        {
            string rules = string.Create(CultureInfo.InvariantCulture, $"{Rules.Put.Count} rules made, {Rules.Remove.Count} removed");
#pragma warning disable CA1308 // Words of the configuration are lower case.
            string? mode = Mode is { } brought ? $"mode {brought.ToString().ToLowerInvariant()}" : null;
#pragma warning restore CA1308
            return mode is null ? rules : Rules.Put.Count + Rules.Remove.Count == 0 ? mode : $"{mode}, {rules}";
        }
    }

    public bool IsOpen => State is ChangeState.Shadow or ChangeState.Trial;
}
