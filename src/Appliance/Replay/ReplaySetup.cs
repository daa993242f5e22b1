using Blackwall.Composition;
using Blackwall.Kernel;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;

namespace Blackwall.Replay;

/// <summary>What a replay is run with.</summary>
internal sealed record ReplaySetup
{
    public required WallSettings Wall { get; init; }

    /// <summary>What looks at the packets, and what the board holds at first.</summary>
    public required ReplayPlan Plan { get; init; }

    public required BoardOptions Board { get; init; }

    /// <summary>Our networks; empty: see <see cref="FlowBook"/>.</summary>
    public required IReadOnlyList<Prefix> Local { get; init; }
}
