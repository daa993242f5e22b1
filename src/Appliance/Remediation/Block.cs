using Blackwall.Api.Contracts;
using Blackwall.Pipeline.Model;

namespace Blackwall.Remediation;

/// <summary>Something that is kept out at this moment, as others who enforce are told of it.</summary>
/// <param name="Scope">Address or prefix; what is allowed or guarded is cut out of it.</param>
/// <param name="Id">The decision behind it.</param>
/// <param name="Origin">Who decided: "local".</param>
/// <param name="Reason">Machine word.</param>
/// <param name="Until">When it ends; null: when it is lifted.</param>
internal sealed record Block(Prefix Scope, long Id, string Origin, string Reason, DateTimeOffset? Until)
{
    /// <summary>What a decision says about a scope.</summary>
    public static Block Of(Prefix scope, Decision decision) => new(scope, decision.Id, Words.For(decision.Origin), decision.Reason, decision.Expiry);
}
