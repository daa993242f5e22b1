namespace Blackwall.Tarpit.Pacing;

/// <summary>The measures of a mode.</summary>
/// <param name="Free">Time from a session's first output in which nothing is slowed.</param>
/// <param name="Shortest">Mean pause between two drops when slowing begins.</param>
/// <param name="Longest">Longest pause, and where the mean goes to.</param>
/// <param name="Budget">Most that one answer is slowed; what is left then comes at once.</param>
/// <param name="Growth">In which time the mean goes most of its way.</param>
internal sealed record PacingProfile(TimeSpan Free, TimeSpan Shortest, TimeSpan Longest, TimeSpan Budget, TimeSpan Growth)
{
    public static PacingProfile Gentle { get; } = new(TimeSpan.FromSeconds(30), TimeSpan.FromMilliseconds(40), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3), TimeSpan.FromMinutes(10));

    public static PacingProfile Full { get; } = new(TimeSpan.Zero, TimeSpan.FromMilliseconds(100), TimeSpan.FromSeconds(30), TimeSpan.FromMinutes(10), TimeSpan.FromMinutes(5));

    /// <summary>Null: nothing is slowed.</summary>
    public static PacingProfile? Find(PacingMode mode) => mode switch { PacingMode.Gentle => Gentle, PacingMode.Full => Full, _ => null };

    /// <summary>The same for clients that give up after a time without a byte, or without the whole answer.</summary>
    public PacingProfile Under(TimeSpan silence, TimeSpan whole) => this with
    {
        Longest = Longest < silence * 0.7 ? Longest : silence * 0.7,
        Budget = Budget < whole * 0.7 ? Budget : whole * 0.7,
    };
}
