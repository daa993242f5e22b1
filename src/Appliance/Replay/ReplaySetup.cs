using Blackwall.Behavior.Settings;
using Blackwall.Kernel;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Stages;

namespace Blackwall.Replay;

/// <summary>What a replay is run with.</summary>
internal sealed record ReplaySetup
{
    public required WallSettings Wall { get; init; }

    public required DetectionOptions Detection { get; init; }

    /// <summary>What looks at the samples beside the behaviour; its time is that of the capture.</summary>
    public IReadOnlyList<IStage> Stages { get; init; } = [];

    public required BoardOptions Board { get; init; }

    /// <summary>Our networks; empty: see <see cref="FlowBook"/>.</summary>
    public required IReadOnlyList<Prefix> Local { get; init; }

    /// <summary>Puts the configured rules on the board.</summary>
    public required Action<VerdictBoard> Rules { get; init; }
}
