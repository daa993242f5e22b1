using System.ComponentModel.DataAnnotations;
using Blackwall.Api.Contracts;

namespace Blackwall.Decisions;

/// <summary>A decision that the operator wants.</summary>
/// <param name="Scope">Address or prefix: 192.0.2.1, 198.51.100.0/24, 2001:db8::/48.</param>
/// <param name="Verdict">pass, rate-limit, redirect or drop.</param>
/// <param name="TtlSeconds">1..315,360,000; without it the decision stands until it is lifted.</param>
/// <param name="Reason">Machine word of 1..64 of a-z, 0-9, '-'; "operator" without it.</param>
/// <param name="Comment">For a person, at most 1,024 characters.</param>
public sealed record DecisionInput([property: Required] string? Scope, [property: Required, Word(WordLists.Verdict)] string? Verdict, long? TtlSeconds, string? Reason, string? Comment)
{
    /// <summary>true: a pass rule over more than a /8 of IPv4 or a /19 of IPv6 is meant; without it, such a rule is refused.</summary>
    public bool? Force { get; init; }
}
