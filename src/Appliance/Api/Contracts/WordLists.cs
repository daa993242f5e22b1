using Blackwall.Api.Keys;
using Blackwall.Changes;
using Blackwall.Kernel.Abi;

namespace Blackwall.Api.Contracts;

/// <summary>Every closed list of words that the API speaks, by name.</summary>
internal static class WordLists
{
    public const string Verdict = "Verdict";
    public const string Origin = "Origin";
    public const string EvidenceClass = "EvidenceClass";
    public const string Scope = "KeyScope";
    public const string Role = "KeyRole";
    public const string Mode = "WallMode";
    public const string State = "ChangeState";
    public const string Change = "DecisionChange";
    public const string EndCause = "EndCause";
    public const string EventKind = "EventKind";
    public const string Health = "HealthStatus";

    private static readonly Dictionary<string, IReadOnlyCollection<string>> Lists = new(StringComparer.Ordinal)
    {
        [Verdict] = [.. Words.Verdicts.Keys],
        [Origin] = [.. Words.Origins.Keys],
        [EvidenceClass] = ["spoofable", "handshake", "application"],
        [Scope] = ScopeWords.All,
        [Role] = [.. ScopeWords.Roles.Keys],
        [Mode] = [.. Enum.GetNames<EnforcementMode>().Select(Words.Kebab)],
        [State] = [.. Enum.GetNames<ChangeState>().Select(Words.Kebab)],
        [Change] = ["created", "renewed", "lifted", "expired"],
        [EndCause] = ["lifted", "expired"],
        [EventKind] = ["decision", "lifted", "evidence", "status", "change"],
        [Health] = ["live", "ready", "degraded", "starting"],
    };

    public static IReadOnlyCollection<string> Names => Lists.Keys;

    public static IReadOnlyCollection<string> Of(string name) => Lists[name];
}
