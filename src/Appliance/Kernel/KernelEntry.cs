using Blackwall.Pipeline.Model;

namespace Blackwall.Kernel;

/// <summary>What the kernel holds for one scope.</summary>
/// <param name="Verdict">What it does with packets.</param>
/// <param name="DecisionId">The decision behind it.</param>
/// <param name="Expiry">When the kernel stops to act on it by itself; null: never.</param>
/// <param name="Hits">Packets that met the entry since it was written or its policy generation was built.</param>
/// <param name="LastHit">When the last of them came; null: none did.</param>
public readonly record struct KernelEntry(Verdict Verdict, long DecisionId, DateTimeOffset? Expiry, ulong Hits, DateTimeOffset? LastHit);
