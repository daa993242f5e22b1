using System.Collections.Concurrent;
using System.Globalization;
using System.Net;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;
using Blackwall.Sessions;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Bridges.Tarpit;

/// <summary>
/// Translates what the tarpit observed to sessions and evidence. What comes in is from a process that attackers talk to: kinds are of a closed list, text is
/// data, and an address leads to a decision only while the kernel says that it is connected to the tarpit (<see cref="TarpitConnections"/>).
/// </summary>
internal sealed class TarpitTranslator(SessionArchive archive, TarpitConnections connections, IDecisionSink decisions, IEnumerable<IEvidenceSink> journals, ICredentialCanaries canaries, TimeProvider time)
{
    public const string LoginKind = "tarpit-login";
    public const string IntrusionKind = "tarpit-intrusion";
    public const string ExploitKind = "tarpit-exploit";

    private const int MostSources = 65_536;

    private readonly ConcurrentDictionary<string, Address> _sources = new(StringComparer.Ordinal);
    // Sessions in which commands count: of who was let in there, by nobody's hand but his own.
    private readonly ConcurrentDictionary<string, byte> _letIn = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _intruders = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _exploiters = new(StringComparer.Ordinal);

    /// <summary>One observation of a session; false: it is of no known kind.</summary>
    public bool Translate(string session, Observation observed)
    {
        if (!ObservationKinds.All.Contains(observed.Kind, StringComparer.Ordinal))
        {
            return false;
        }

        DateTimeOffset now = time.GetUtcNow();
        archive.Record(session, new SessionEvent(
            now, observed.Kind, observed.Protocol, observed.Source, observed.Destination, observed.User, observed.Secret, observed.Method, observed.Success, observed.Text,
            observed.Name, observed.Value, observed.Sha256, observed.Size, observed.Host, observed.Port, observed.Columns, observed.Rows, observed.Received, observed.Sent, observed.Status));
        switch (observed.Kind)
        {
            case ObservationKinds.Connect when IPEndPoint.TryParse(observed.Source ?? "", out IPEndPoint? source) && _sources.Count < MostSources:
                _sources[session] = Address.From(source.Address);
                break;
            case ObservationKinds.Login when observed.Success is { } success:
                Compare(session, observed);
                if (success && observed.Value is not Observation.CrossSite && IsConnected(session))
                {
                    _letIn.TryAdd(session, 0);
                }

                Witness(session, LoginKind, 0.5, now, success ? "It was let into the tarpit with a password that it had guessed." : "It tried a password at the tarpit.", observed.Value is not Observation.CrossSite);
                break;
            case ObservationKinds.Exploit when _exploiters.TryAdd(session, 0):
                // A link on another page makes any browser send this: it is told and blocks nobody.
                Witness(session, ExploitKind, 0.5, now, "It sent a request to the tarpit that tries to break in.", isItsOwn: false);
                break;
            case ObservationKinds.Command or ObservationKinds.Upload when !_letIn.ContainsKey(session) && (observed.User is null || !IsConnected(session)):
                // A service without a login, as Redis is: a page can make any browser send the first line of a request there.
                if (_exploiters.TryAdd(session, 0))
                {
                    Witness(session, ExploitKind, 0.5, now, "It sent commands to the tarpit without a login.", isItsOwn: false);
                }

                break;
            case ObservationKinds.Command or ObservationKinds.Upload when _intruders.TryAdd(session, 0):
                Witness(session, IntrusionKind, 1, now, "It logged in to the tarpit and ran commands there.");
                break;
            case ObservationKinds.Close:
                _sources.TryRemove(session, out _);
                _letIn.TryRemove(session, out _);
                _intruders.TryRemove(session, out _);
                _exploiters.TryRemove(session, out _);
                break;
        }

        return true;
    }

    /// <summary>The process is gone, and its sessions with it.</summary>
    public void EndAll()
    {
        foreach (string session in _sources.Keys)
        {
            Translate(session, new Observation(ObservationKinds.Close));
        }
    }

    private bool IsConnected(string session) => _sources.TryGetValue(session, out Address source) && connections.Has(source);

    private void Compare(string session, Observation observed)
    {
        if (_sources.TryGetValue(session, out Address source) && observed is { User: { } user, Secret: { Length: > 0 } secret })
        {
            canaries.OnLogin(source, user, secret, $"the tarpit (session {session})", observed.Value is Observation.CrossSite ? EvidenceClass.Spoofable : EvidenceClass.Application);
        }
    }

    private void Witness(string session, string kind, double weight, DateTimeOffset now, string sentence, bool isItsOwn = true)
    {
        if (!_sources.TryGetValue(session, out Address source))
        {
            return;
        }

        // It completed a handshake with a listener of ours and spoke a protocol over it; what another can make it say is not its own.
        Evidence evidence = new(0, source, kind, isItsOwn ? EvidenceClass.Application : EvidenceClass.Spoofable, weight, now, string.Create(CultureInfo.InvariantCulture, $"{sentence} Session {session}."));
        if (kind is IntrusionKind)
        {
            decisions.Publish(new DecisionRequest(Prefix.Host(source), Verdict.RedirectToTarpit, Origin.Local, kind, 0.95, null, [evidence], null, "appliance"));
            return;
        }

        evidence = decisions.Witness(evidence);
        foreach (IEvidenceSink journal in journals)
        {
            journal.Record(evidence);
        }
    }
}
