using System.Text.Json;
using Blackwall.Api.Contracts;
using Blackwall.Decisions;
using Blackwall.Events;
using Blackwall.Pipeline.Model;

namespace Blackwall.Intel;

/// <summary>
/// What events say of values that can be shared, by their typed facts. What anybody can forge says nothing: else a forger could name a victim to all who
/// read this. Neither do feeds: what they say is theirs to share.
/// </summary>
/// <param name="options">What may be published.</param>
/// <param name="guard">What must not.</param>
/// <param name="operatorRules">Whether the operator's own blocks are told.</param>
internal sealed class FactReader(IntelOptions options, SharingGuard guard, bool operatorRules)
{
    private const double EvidenceShare = 70;
    private const int FileConfidence = 50;
    private const int MaxFiles = 16;

    /// <summary>What this event says, in order.</summary>
    public IEnumerable<IndicatorFact> Read(ApplianceEvent happened) => happened.Kind switch
    {
        "decision" when DecisionEvents.Decided.Read(happened) is { } body => OfDecision(body.Decision, body.Time, body.Change),
        "lifted" when DecisionEvents.Lifted.Read(happened) is { } body => OfDecision(body.Decision, body.Time, body.Change),
        "evidence" when DecisionEvents.Seen.Read(happened) is { } body => OfEvidence(body),
        "session" => OfSession(happened),
        _ => [],
    };

    /// <summary>Whether an event tells of many decisions by its last one, so that only the board knows the rest.</summary>
    public static bool StandsForMany(ApplianceEvent happened) =>
        (happened.Kind is "decision" && DecisionEvents.Decided.Read(happened)?.Count > 1) || (happened.Kind is "lifted" && DecisionEvents.Lifted.Read(happened)?.Count > 1);

    /// <summary>What a decision that is in force says.</summary>
    public IEnumerable<IndicatorFact> OfDecision(DecisionBody decision, DateTimeOffset time, string change)
    {
        string? source = decision.Origin switch
        {
            "local" => "local",
            "mesh" => "mesh",
            "operator" when operatorRules => "operator",
            _ => null,
        };
        if (source is null || decision.Verdict is not ("drop" or "redirect") || !Prefix.TryParse(decision.Scope, out Prefix scope) || !guard.MayLeave(scope))
        {
            yield break;
        }

        yield return new IndicatorFact(KindOf(scope), $"{scope}", source, decision.Reason, Percent(decision.Confidence), time)
        {
            DecisionId = decision.Id,
            ValidUntil = decision.Expiry,
            Sightings = change is "created" && source is "local" ? 1 : 0,
            Effect = change switch { "lifted" => FactEffect.Revoke, "expired" => FactEffect.Settle, _ => FactEffect.Assert },
        };
    }

    private IEnumerable<IndicatorFact> OfEvidence(EvidenceBody evidence)
    {
        if (evidence.Class is "spoofable" || evidence.Facts?.LedByOthers == true)
        {
            yield break;
        }

        // Evidence about what an inside host does speaks of the end outside; the host is a victim.
        bool isOutbound = evidence.Kind is "beacon" or "exfiltration" or "dns-tunnel" or "icmp-tunnel";
        if (evidence.Kind is "target-flood" or "outbound-scan")
        {
            yield break;
        }

        int confidence = (int)(evidence.Weight * EvidenceShare);
        string? text = isOutbound ? evidence.Facts?.Other : evidence.Source;
        if (text is null || ValueOf(text) is not { } value)
        {
            yield break;
        }

        yield return new IndicatorFact(value.Kind, value.Value, "local", evidence.Kind, confidence, evidence.Seen)
        {
            Fingerprint = PrintOf(evidence.Facts),
            Effect = confidence >= options.MinConfidence ? FactEffect.Assert : FactEffect.Add,
        };
        if (evidence.Facts is { Category: "malware", FingerprintKind: "ja4" or "hassh", Fingerprint: { } print } && !print.Contains('*', StringComparison.Ordinal))
        {
            yield return new IndicatorFact(evidence.Facts.FingerprintKind is "ja4" ? IndicatorKind.Ja4 : IndicatorKind.Hassh, print, "local", "fingerprint", Percent(evidence.Facts.Confidence ?? evidence.Weight), evidence.Seen);
        }
    }

    private IEnumerable<IndicatorFact> OfSession(ApplianceEvent happened)
    {
        if (Parse(happened.Data) is not { Ended: { } ended, User: not null, Source: { } text } session || ValueOf(text) is not { } source)
        {
            yield break;
        }

        yield return new IndicatorFact(source.Kind, source.Value, "local", null, 0, ended) { Fingerprint = session.Hassh is { Length: 32 } hassh ? $"hassh:{hassh}" : null, Effect = FactEffect.Add };
        foreach (string file in (session.Files ?? []).Take(MaxFiles).Where(file => file.Length == 64 && file.All(char.IsAsciiHexDigitLower)))
        {
            yield return new IndicatorFact(IndicatorKind.Sha256, file, "local", "tarpit-upload", FileConfidence, ended);
        }
    }

    private (IndicatorKind Kind, string Value)? ValueOf(string text)
    {
        if (Prefix.TryParse(text, out Prefix scope))
        {
            return guard.MayLeave(scope) ? (KindOf(scope), $"{scope}") : null;
        }

        return IsDomain(text) ? (IndicatorKind.Domain, text) : null;
    }

    private static bool IsDomain(string text) =>
        text.Length is > 3 and <= 253 && text.Contains('.', StringComparison.Ordinal)
        && text.Split('.').All(label => label.Length is > 0 and <= 63 && label.All(letter => char.IsAsciiLetterLower(letter) || char.IsAsciiDigit(letter) || letter is '-' or '_'));

    private static string? PrintOf(EvidenceFacts? facts) =>
        facts is { FingerprintKind: "ja4" or "hassh", Fingerprint: { Length: > 0 and < 64 } print } && !print.Contains('*', StringComparison.Ordinal) ? $"{facts.FingerprintKind}:{print}" : null;

    private static SessionFact? Parse(ReadOnlyMemory<byte> data)
    {
        try
        {
            return JsonSerializer.Deserialize(data.Span, IntelJson.Default.SessionFact);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static IndicatorKind KindOf(Prefix scope) => scope.IsV4 ? IndicatorKind.Ipv4 : IndicatorKind.Ipv6;

    private static int Percent(double share) => (int)Math.Round(Math.Clamp(share, 0, 1) * 100);
}
