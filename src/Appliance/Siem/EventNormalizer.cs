using System.Text.Json;
using Blackwall.Api.Contracts;
using Blackwall.Decisions;
using Blackwall.Events;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Siem;

/// <summary>Gives events of the log the fields that all formats share, from their typed bodies; no sentence is taken apart.</summary>
internal sealed class EventNormalizer(EventLog log, IIndicatorNames? indicators = null)
{
    private const int Informational = 1;
    private const int Low = 3;
    private const int Medium = 5;
    private const int High = 8;

    public SiemEvent Read(ApplianceEvent happened)
    {
        SiemEvent plain = new(log.IdOf(happened.Sequence), happened.Sequence, happened.Time, happened.Kind, "Appliance event", Informational, happened.Data);
        return happened.Kind switch
        {
            "decision" when DecisionEvents.Decided.Read(happened) is { } body => OfDecision(plain, body, hasEnded: false),
            "lifted" when DecisionEvents.Lifted.Read(happened) is { } body => OfDecision(plain, body, hasEnded: true),
            "evidence" when DecisionEvents.Seen.Read(happened) is { } body => OfEvidence(plain, body),
            "session" when Parse(happened.Data) is { } session => OfSession(plain, session),
            "health" => plain with { Name = "Health of the appliance", Severity = Medium },
            "guard" => plain with { Name = "Guard set changed", Severity = Low },
            "audit" => plain with { Name = "Appliance administered", Severity = Low },
            "change" => plain with { Name = "Policy change", Severity = Low },
            "capture" => plain with { Name = "Packet capture" },
            _ => plain,
        };
    }

    private SiemEvent OfDecision(SiemEvent plain, DecisionEventBody body, bool hasEnded)
    {
        DecisionBody decision = body.Decision;
        bool blocks = decision.Verdict is "drop" or "redirect";
        EvidenceFacts? facts = decision.Evidence.Count > 0 ? decision.Evidence[0].Facts : null;
        return WithFacts(plain, facts) with
        {
            Name = hasEnded ? "Decision ended" : decision.Verdict switch { "drop" => "Source blocked", "redirect" => "Source diverted to the tarpit", "rate-limit" => "Source limited", _ => "Source allowed" },
            Severity = hasEnded ? Low : blocks ? High : Medium,
            Source = decision.Scope,
            Action = hasEnded ? body.Change : decision.Verdict,
            Reason = decision.Reason,
            Message = decision.Evidence.Count > 0 ? decision.Evidence[0].Detail : decision.Comment,
            Confidence = Percent(decision.Confidence),
            DecisionId = decision.Id,
            Indicator = blocks ? IndicatorOf(decision.Scope, hasEnded) : null,
            Actor = body.By,
        };
    }

    private SiemEvent OfEvidence(SiemEvent plain, EvidenceBody body) => WithFacts(plain, body.Facts) with
    {
        Name = "Evidence of an attack",
        Severity = body.Class is "spoofable" ? Low : Math.Clamp((int)(body.Weight * High), Low, High),
        Source = body.Source,
        Reason = body.Kind,
        Message = body.Detail,
        Confidence = Percent(body.Weight),
        Indicator = body.Class is "spoofable" ? null : IndicatorOf(body.Source, hasEnded: false),
    };

    private SiemEvent OfSession(SiemEvent plain, SessionFact session) => plain with
    {
        Name = session.Ended is null ? "Tarpit session" : "Tarpit session ended",
        Severity = session.User is null ? Medium : High,
        Source = session.Source,
        SourcePort = session.SourcePort,
        Destination = session.Destination,
        DestinationPort = session.DestinationPort,
        Protocol = "tcp",
        Reason = session.Protocol is { } spoken ? $"tarpit-{spoken}" : "tarpit",
        User = session.User,
        Message = session.Client,
        Fingerprint = session.Hassh,
        Indicator = session.Source is { } source ? IndicatorOf(source, hasEnded: false) : null,
    };

    private static SiemEvent WithFacts(SiemEvent plain, EvidenceFacts? facts) => facts is null ? plain : plain with
    {
        Destination = facts.Other is { } other && Address.TryParse(other, out _) ? other : null,
        DestinationPort = facts.Port,
        Protocol = facts.Protocol,
        Fingerprint = facts.FingerprintKind is "ja4" or "hassh" ? facts.Fingerprint : null,
    };

    private string? IndicatorOf(string scope, bool hasEnded) => indicators is not null && Prefix.TryParse(scope, out Prefix prefix) ? indicators.NameOf(prefix, hasEnded) : null;

    private static int Percent(double share) => (int)Math.Round(Math.Clamp(share, 0, 1) * 100);

    private static SessionFact? Parse(ReadOnlyMemory<byte> data)
    {
        try
        {
            return JsonSerializer.Deserialize(data.Span, SiemJson.Default.SessionFact);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
