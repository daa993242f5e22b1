using Blackwall.Api.Contracts;
using Blackwall.Kernel;
using Blackwall.Pipeline.Model;

namespace Blackwall.Sources;

/// <summary>What the kernel holds for one scope.</summary>
/// <param name="Scope">Address or prefix.</param>
/// <param name="Verdict">pass, rate-limit, redirect or drop.</param>
/// <param name="DecisionId">The decision behind it; one over a wider scope may win.</param>
/// <param name="Expiry">When the kernel stops to act on it by itself; null: never.</param>
/// <param name="Hits">Packets that met it since it was written or its policy generation was built.</param>
/// <param name="LastHit">When the last of them came; null: none did.</param>
public sealed record KernelEntryBody(string Scope, [property: Word(WordLists.Verdict)] string Verdict, long DecisionId, DateTimeOffset? Expiry, ulong Hits, DateTimeOffset? LastHit)
{
    internal static KernelEntryBody From(Prefix scope, KernelEntry entry) =>
        new(scope.ToString(), Words.For(entry.Verdict), entry.DecisionId, entry.Expiry, entry.Hits, entry.LastHit);
}
