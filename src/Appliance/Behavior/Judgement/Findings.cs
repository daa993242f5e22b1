using Blackwall.Pipeline.Model;

namespace Blackwall.Behavior.Judgement;

/// <summary>What behaviour shows, and how it reads: the one place where the sentences of its evidence are made.</summary>
internal static class Findings
{
    private const string BrowserLed = "; another site may have led its browser to them";

    public static readonly Finding PortsTried = new("ports-tried", f => $"contacted {Ports(f)} of {Hosts(f)} in {Span(f)} without using any");

    public static readonly Finding HandshakesUnused = new("handshakes-unused", f => $"completed {Phrases.Count(f.Handshakes, "handshake")} at different ports or hosts in {Span(f)} and said nothing on any of them");

    public static readonly Finding ImpossiblePackets = new("impossible-packets", f => $"sent {Phrases.Count(f.Packets, "packet")} with TCP flags or fragments that no stack makes to {Ports(f)} of {Hosts(f)}");

    public static readonly Finding NetworkPortsTried = new("network-ports-tried", f => Text($"{f.Sources} addresses of {f.Network} together tried {Ports(f)} in vain within {Span(f)}, this one among them"));

    public static readonly Finding HostsPinged = new("hosts-pinged", f => $"pinged {Hosts(f)}, not seen before");

    public static readonly Finding OpaqueFlows = new("opaque-flows", f => Text($"began {f.Flows} flows to port {f.Port} with bytes that look encrypted, where clear text is spoken"));

    public static readonly Finding LoginPortsOpened = new("login-ports-opened", f => Text($"opened login ports {f.Flows} times today and never got through, the last time port {f.Port}"));

    public static readonly Finding LoginsTried = new("logins-tried", f => $"tried {Logins(f)} at {f.Service} in {Span(f)}{(f.LedByOthers == true ? BrowserLed : "")}");

    public static readonly Finding LoginsPosted = new("logins-posted", f => $"posted {Logins(f)} at {f.Service} in {Span(f)}");

    public static readonly Finding LoginsFailedToday = new("logins-failed-today", f => $"failed {Logins(f)} at {f.Service} today; that may be somebody who forgot a password");

    public static readonly Finding NetworkLoginsTried = new("network-logins-tried", f => Text($"{f.Sources} addresses of {f.Network} together tried {Logins(f)} in {Span(f)}, this one among them{Users(f)}"));

    public static readonly Finding ProbingRequests = new("probing-requests", f => f.LedByOthers == true
        ? $"sent probing requests that another site may have led a browser to, among {Targets(f)} in {Span(f)}"
        : $"sent {Phrases.Count(f.Requests, "probing request")} among {Targets(f)} in {Span(f)}");

    public static readonly Finding NetworkProbingRequests = new("network-probing-requests", f => Text($"{f.Sources} addresses of {f.Network} together sent {Phrases.Count(f.Requests, "probing request")} in {Span(f)}, this one among them{Users(f)}"));

    public static readonly Finding RequestsInVain = new("requests-in-vain", f => Text($"asked for {Targets(f)} in {Span(f)}, {f.Missed} of {f.Requests} requests in vain{(f.LedByOthers == true ? BrowserLed : "")}"));

    public static readonly Finding PacketFlood = new("packet-flood", f => Text($"sent {f.Packets} {f.PacketKind} in {Span(f)}, {f.Handshakes} handshakes completed"));

    public static readonly Finding FloodOfTarget = new("flood-of-target", f => Text($"at least {f.Packets} {f.PacketKind} from about {f.Sources} sources in {Span(f)}, {f.Handshakes} handshakes completed"));

    public static readonly Finding RegularCheckIns = new("regular-check-ins", f => Text(
        $"checks in with {f.Other} {(f.Port is null ? "by ping" : Text($"port {f.Port}"))} about every {Phrases.Duration(f.PeriodMilliseconds)}: {f.CheckIns} check-ins, spread {f.SpreadPercent} % of the median, {f.ShortPercent:F0} % too short, {f.LongPercent:F0} % too long, score {f.Score} of 100; {Phrases.Count(f.InsideHosts, "inside host")} ask{(f.InsideHosts == 1 ? "s" : "")} it"));

    public static readonly Finding EncryptedInClear = new("encrypted-in-clear", f => Text(
        $"began {Phrases.Count(f.Flows, "flow")} to {f.Other} port {f.Port} with bytes that look encrypted ({f.BitsPerByte:F1} bits a byte) and are no TLS, where clear text is spoken"));

    public static readonly Finding NoNameQuestions = new("no-name-questions", f => Text($"sent {f.Packets} datagrams to port {f.Port} of {f.Other} in {Span(f)} that ask nothing of a name server"));

    public static readonly Finding NamesAsked = new("names-asked", f => Text(
        $"asked for {f.Names} new names below one domain in {Span(f)}, {f.BytesEach} bytes each before it, {f.BitsPerByte:F1} bits a byte{(f.RoomyPercent is null ? "" : Text($", {f.RoomyPercent} % of types that carry free data"))}"));

    public static readonly Finding PingsCarryData = new("pings-carry-data", f => Text($"exchanged {f.BytesOut} bytes out and {f.BytesIn} in with {f.Other} in one flow of pings; an echo reply is as long as its request"));

    public static readonly Finding OutsidePortsTried = new("outside-ports-tried", f => Text($"tried {Ports(f)} of {Hosts(f)} outside in {Span(f)}, of which {f.Answered} answered"));

    public static readonly Finding WormPortsTried = new("worm-ports-tried", f => Text($"contacted ports that worms use, the last time port {f.Port}, of {Hosts(f)} outside in {Span(f)}, of which {f.Answered} answered"));

    public static readonly Finding Upload = new("upload", f => Text(
        $"sent {Phrases.Mebibytes(f.BytesOut)} to {f.Other} port {f.Port} within the {(f.SpanMilliseconds > 3_600_000 ? "day" : "hour")} and got {Phrases.Mebibytes(f.BytesIn)}; usual are {Phrases.Mebibytes(f.UsualBytesOut)} in such a time in all and at most {Phrases.Mebibytes(f.UsualBytesOutToOther)} to there"));

    public static readonly Finding SpreadUpload = new("spread-upload", f => Text(
        $"sent {Phrases.Mebibytes(f.BytesOut)} to several places within the hour and got {Phrases.Mebibytes(f.BytesIn)}, {Phrases.Mebibytes(f.BytesOutToOther)} of it to {f.Other} port {f.Port}; usual are {Phrases.Mebibytes(f.UsualBytesOut)} an hour in all"));

    public static readonly Finding ControllerContacted = new("controller-contacted", f => Text($"talked with {f.Other} port {f.Port}, which the feed {f.Feed} calls a C2 server{(f.Malware is null ? "" : $" of {f.Malware}")}: {f.BytesOut} bytes out, {f.BytesIn} in"));

    public static readonly Finding ManyControllersContacted = new("many-controllers-contacted", f => Text($"talked with {f.Hosts} addresses in an hour that feeds call C2 servers, the last one {f.Other} port {f.Port} of the feed {f.Feed}; malware has a few, a scanner or crawler walks over lists"));

    public static readonly Finding OrdinaryUse = new("ordinary-use", f => Text($"{f.Flows} ordinary uses in {Span(f)}"));

    public static readonly Finding NotSeenLately = new("not-seen-lately", _ => "it was not seen using anything lately");

    public static readonly Finding Faded = new("faded", _ => "its suspicion has decayed");

    public static readonly Finding HeldByWall = new("held-by-wall", _ => "the wall holds it");

    public static readonly Finding WouldBeHeldByWall = new("would-be-held-by-wall", _ => "the wall would hold it");

    public static readonly Finding LetThroughAgain = new("let-through-again", _ => "the wall lets it through again");

    /// <summary>A sign of another stage that says no more than its weight.</summary>
    public static readonly Finding OtherStage = new("other-stage", _ => "another stage has evidence against it");

    public static readonly Finding PhaseChanged = new("phase-changed", f => $"{f.From} to {f.To}: {f.Why}");

    public static IReadOnlyList<Finding> All { get; } =
    [
        PortsTried, HandshakesUnused, ImpossiblePackets, NetworkPortsTried, HostsPinged, OpaqueFlows, LoginPortsOpened, LoginsTried, LoginsPosted, LoginsFailedToday,
        NetworkLoginsTried, ProbingRequests, NetworkProbingRequests, RequestsInVain, PacketFlood, FloodOfTarget, RegularCheckIns, EncryptedInClear, NoNameQuestions, NamesAsked,
        PingsCarryData, OutsidePortsTried, WormPortsTried, Upload, SpreadUpload, ControllerContacted, ManyControllersContacted, OrdinaryUse, NotSeenLately, Faded, HeldByWall, WouldBeHeldByWall, LetThroughAgain, OtherStage, PhaseChanged,
    ];

    private static string Ports(EvidenceFacts f) => Phrases.Count(f.Ports, "port");

    private static string Hosts(EvidenceFacts f) => Phrases.Count(f.Hosts, "host");

    private static string Logins(EvidenceFacts f) => Phrases.Count(f.Logins, "login");

    private static string Targets(EvidenceFacts f) => Phrases.Count(f.Targets, "distinct target");

    private static string Span(EvidenceFacts f) => Phrases.Duration(f.SpanMilliseconds);

    private static string Users(EvidenceFacts f) => f.Users is null ? "" : Text($"; {f.Users} there use services in the ordinary way");

    private static string Text(FormattableString text) => FormattableString.Invariant(text);
}
