using System.Globalization;
using System.Net;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Pipeline.Time;
using Blackwall.Sessions;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Bridges.Tarpit;

/// <summary>
/// Translates what the tarpit observed to sessions and evidence. What comes in is from a process that attackers talk to: kinds are of a closed list, text is
/// data, and an address leads to a decision only while the kernel says that it is connected to the tarpit (<see cref="TarpitConnections"/>).
/// </summary>
internal sealed class TarpitTranslator(SessionArchive archive, TarpitConnections connections, IDecisionSink decisions, EvidenceRecorder recorder, ICredentialCanaries canaries, TimeProvider time)
{
    public const string LoginKind = "tarpit-login";
    public const string IntrusionKind = "tarpit-intrusion";
    public const string ExploitKind = "tarpit-exploit";

    public const string InjectionKind = "tarpit-injection";
    public const string AgentKind = "tarpit-agent";

    // As many as the archive keeps open.
    private const int MostOpen = 16_384;
    private const int MostReported = 4096;

    private readonly TarpitSessions _sessions = new(MostOpen);
    // A guesser tries hundreds of passwords a second: each is in its session's transcript, and one piece of evidence a minute is enough, so that they do not
    // push out what others did.
    private readonly RecentlySeen<(Prefix Source, bool Success)> _logins = new(TimeSpan.FromMinutes(1), MostReported, time);

    /// <summary>One observation of a session; false: it is of no known kind.</summary>
    public bool Translate(string session, Observation observed)
    {
        if (!ObservationKinds.All.Contains(observed.Kind, StringComparer.Ordinal))
        {
            return false;
        }

        if (observed.Kind is ObservationKinds.Connect && IPEndPoint.TryParse(observed.Source ?? "", out IPEndPoint? source)
            && _sessions.Begin(session, Address.From(source.Address)) is { } forgotten)
        {
            Translate(forgotten, new Observation(ObservationKinds.Close));
        }

        DateTimeOffset now = time.GetUtcNow();
        TarpitSession? known = _sessions.TryFind(session, out TarpitSession? found) ? found : null;
        archive.Record(session, new SessionEvent(
            now, observed.Kind, observed.Protocol, observed.Source, observed.Destination, observed.User, observed.Secret, observed.Method, observed.Success, observed.Text,
            observed.Name, observed.Value, observed.Sha256, observed.Size, observed.Host, observed.Port, observed.Columns, observed.Rows, observed.Received, observed.Sent, observed.Status));
        switch (observed.Kind)
        {
            case ObservationKinds.Login when observed.Success is { } success && known is not null:
                Compare(known, observed);
                known.IsLetIn |= success && observed.Value is not Observation.CrossSite && IsConnected(known);
                if (_logins.IsFirst((Household(known.Source), success)))
                {
                    Witness(known, LoginKind, 0.5, now, success ? "It was let into the tarpit with a password that it had guessed." : "It tried a password at the tarpit.", observed.Value is not Observation.CrossSite && IsConnected(known));
                }

                break;
            case ObservationKinds.Exploit when known is { IsExploiter: false }:
                // A link on another page makes any browser send this: it is told and blocks nobody.
                known.IsExploiter = true;
                Witness(known, ExploitKind, 0.5, now, "It sent a request to the tarpit that tries to break in.", isItsOwn: false);
                break;
            case ObservationKinds.Command or ObservationKinds.Upload when known is { IsLetIn: false } && (observed.User is null || !IsConnected(known)):
                // A service without a login, as Redis is: a page can make any browser send the first line of a request there.
                if (!known.IsExploiter)
                {
                    known.IsExploiter = true;
                    Witness(known, ExploitKind, 0.5, now, "It sent commands to the tarpit without a login.", isItsOwn: false);
                }

                break;
            case ObservationKinds.Command or ObservationKinds.Upload when known is { IsIntruder: false }:
                known.IsIntruder = true;
                Witness(known, IntrusionKind, 1, now, "It logged in to the tarpit and ran commands there.");
                break;
            case ObservationKinds.Injection when known is { IsInjector: false }:
                // A link on another page carries such words too, and so does text that somebody else wrote and this peer only passes on.
                known.IsInjector = true;
                Witness(known, InjectionKind, 0.3, now, "What it sent to the tarpit gives orders to a language model.", isItsOwn: known.IsLetIn && IsConnected(known));
                break;
            case ObservationKinds.Agent when known is not null && observed.Name is "bait" or "timing":
                Witness(known!, AgentKind, observed.Name is "bait" ? 0.4 : 0.1, now, observed.Name is "bait" ? "It followed a note in the tarpit that only a program led by a language model follows." : "Its commands in the tarpit came as a language model sends them.", isItsOwn: known!.IsLetIn && IsConnected(known));
                break;
            case ObservationKinds.Close:
                _sessions.End(session);
                break;
        }

        return true;
    }

    /// <summary>The process is gone, and its sessions with it.</summary>
    public void EndAll()
    {
        foreach (string session in _sessions.Ids)
        {
            Translate(session, new Observation(ObservationKinds.Close));
        }
    }

    // Of IPv6 a /64 counts as one.
    private static Prefix Household(Address source) => source.IsV4 ? Prefix.Host(source) : Prefix.Around(source, 64);

    private bool IsConnected(TarpitSession session) => connections.Has(session.Source);

    private void Compare(TarpitSession session, Observation observed)
    {
        if (observed is { User: { } user, Secret: { Length: > 0 } secret })
        {
            if (canaries.FindLogin(session.Source, user, secret, "the tarpit", observed.Value is Observation.CrossSite ? EvidenceClass.Spoofable : EvidenceClass.Application) is { } used)
            {
                recorder.Record(used);
            }
        }
    }

    private void Witness(TarpitSession session, string kind, double weight, DateTimeOffset now, string sentence, bool isItsOwn = true)
    {
        // It completed a handshake with a listener of ours and spoke a protocol over it; what another can make it say is not its own.
        Evidence evidence = new(0, session.Source, kind, isItsOwn ? EvidenceClass.Application : EvidenceClass.Spoofable, weight, now, string.Create(CultureInfo.InvariantCulture, $"{sentence} Session {session.Id}."));
        if (kind is IntrusionKind)
        {
            decisions.Publish(new DecisionRequest(Prefix.Host(session.Source), Verdict.RedirectToTarpit, Origin.Local, kind, 0.95, null, [evidence], null, "appliance"));
            return;
        }

        recorder.Record(evidence);
    }
}
