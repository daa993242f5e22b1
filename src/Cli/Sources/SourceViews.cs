using System.Globalization;
using Blackwall.Cli.Connection;
using Blackwall.Cli.Decisions;
using Blackwall.Cli.Tables;
using Blackwall.Cli.Words;
using Blackwall.Client.Decisions;
using Blackwall.Client.Sources;

namespace Blackwall.Cli.Sources;

/// <summary>What is known of one address, as an operator reads it.</summary>
internal static class SourceViews
{
    public static void Write(ApiCall call, Source source)
    {
        call.Say(source.Why);
        if (source.Place is { } place)
        {
            call.Say($"Used in {place.Country ?? "a country that is not known"}{(place.Asn is { } asn ? $", AS{asn}{(place.Organisation is { } organisation ? $" ({organisation})" : "")}" : "")}.");
        }

        if (source.Standing is { } standing)
        {
            call.Say(string.Create(CultureInfo.InvariantCulture, $"Detection: {standing.Phase}, suspicion {standing.Suspicion}, {(standing.Proven ? "address proven" : "address not proven")}."));
            call.Section("Standing", Standing(standing));
        }

        if (source.FalsePositive is { } mark)
        {
            call.Say($"Marked as false positive by {mark.Actor} until {Moment.Text(mark.Expiry, "-")}: {string.Join(", ", mark.Kinds)}");
        }

        call.Section("Decisions", DecisionViews.Table(source.Decisions, call.Now));
        call.Section("Claims, the strongest first", DecisionViews.Table(source.Claims ?? [], call.Now));
        Table feeds = new("FEED", "ENTRY", "SAYS");
        foreach (Mention mention in source.Feeds ?? [])
        {
            feeds.Add(mention.Feed, mention.Scope, mention.IsAllow ? "harmless" : $"{(mention.IsC2 ? "C2 server" : "attacks")}{(mention.Note is { } note ? $": {note}" : "")}");
        }

        call.Section("In feeds", feeds);
        Table kernel = new("SCOPE", "VERDICT", "DECISION", "PACKETS", "LAST", "UNTIL");
        foreach (KernelEntry entry in source.Kernel)
        {
            kernel.Add(
                entry.Scope,
                entry.Verdict,
                ApiCall.Number(entry.DecisionId),
                entry.Hits == 0 ? "no packets matched" : ApiCall.Number(entry.Hits),
                Moment.Ago(entry.LastHit, call.Now, "-"),
                Moment.Until(entry.Expiry, call.Now));
        }

        call.Section("In the kernel", kernel);
        Table evidence = new("SEEN", "KIND", "CLASS", "WHAT");
        foreach (Evidence piece in source.Evidence)
        {
            evidence.Add(Moment.Ago(piece.Seen, call.Now, "-"), piece.Kind, piece.Class, piece.Detail);
        }

        call.Section("Evidence", evidence);
        foreach (SourceOpinion opinion in source.Opinions ?? [])
        {
            call.Say(string.Create(CultureInfo.InvariantCulture, $"Model {opinion.Model} takes it for {opinion.Category}, {opinion.Percent} of 100 ({Moment.Ago(opinion.Time, call.Now, "-")}); {Followed(opinion.Effect)}{(opinion.Exchange == 0 ? "" : $", exchange {opinion.Exchange}")}. It was told:"));
            Table numbers = new("NUMBER", "VALUE");
            foreach ((string name, long value) in opinion.Numbers)
            {
                numbers.Add(name, ApiCall.Number(value));
            }

            call.Section("Numbers", numbers);
        }
    }

    private static string Followed(string effect) => effect switch
    {
        "limited" => "it is rate-limited for some minutes",
        "shadow" => "nothing follows from that in this mode",
        "standing" => "nothing follows, for the source uses services in the ordinary way",
        "refused" => "a limit was refused",
        _ => "nothing follows from that",
    };

    private static Table Standing(Standing standing)
    {
        Table parts = new("COUNTED", "NOW", "EVIDENCE FROM");
        foreach (StandingPart part in standing.Parts)
        {
            parts.Add(WordsOf(part.Name), part.Estimate ? $"about {ApiCall.Number(part.Value)}" : ApiCall.Number(part.Value), ApiCall.Number(part.Threshold));
        }

        foreach (NetworkStanding network in standing.Networks)
        {
            parts.Add($"ports in vain in a day, {ApiCall.Number(network.Sources)} sources of {network.Network}", $"about {ApiCall.Number(network.PortsInVain)}", "-");
        }

        return parts;
    }

    // "portsInVainInADay" is "ports in vain in a day".
    private static string WordsOf(string name) =>
        string.Concat(name.Select((letter, place) => place > 0 && (char.IsUpper(letter) || (char.IsAsciiDigit(letter) && !char.IsAsciiDigit(name[place - 1]))) ? $" {char.ToLowerInvariant(letter)}" : $"{letter}"));
}
