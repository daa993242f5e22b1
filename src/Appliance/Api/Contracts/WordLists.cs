
namespace Blackwall.Api.Contracts;

/// <summary>Names of closed lists of words (<see cref="WordRegistry"/>).</summary>
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
    public const string Phase = "SourcePhase";
    public const string SourceOrder = "SourceOrder";
}
