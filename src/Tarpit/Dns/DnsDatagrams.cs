using System.Net;
using Blackwall.Tarpit.HostChannel;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Dns;

/// <summary>
/// Queries over UDP. What one address asks is one session until it is silent for a while. Addresses can be forged: few sessions are open, and few begin
/// in a minute; what finds no place is answered and not recorded. Called by one thread.
/// </summary>
internal sealed class DnsDatagrams(DnsService service, IRecorder recorder, TimeProvider time) : IDatagramService
{
    private const int MostSessions = 64;
    private const int MostInMinute = 30;
    private static readonly TimeSpan s_silence = TimeSpan.FromMinutes(1);

    private readonly Dictionary<IPAddress, Session> _sessions = [];
    private long _minute;
    private int _begun;

    public byte[]? Answer(ReadOnlySpan<byte> payload, IPEndPoint asker, IPEndPoint asked)
    {
        byte[]? answer = service.AnswerDatagram(payload, asker, asked);
        if (Find(asker, asked) is { } session)
        {
            session.Last = time.GetTimestamp();
            session.Received += payload.Length;
            session.Sent += answer?.Length ?? 0;
            DnsService.Record(session.Log, payload, "udp");
        }

        return answer;
    }

    private Session? Find(IPEndPoint asker, IPEndPoint asked)
    {
        if (_sessions.TryGetValue(asker.Address, out Session? session))
        {
            return session;
        }

        foreach ((IPAddress address, Session old) in _sessions.Where(s => time.GetElapsedTime(s.Value.Last) > s_silence).ToArray())
        {
            old.Log.Record(new Observation(ObservationKinds.Close) { Received = old.Received, Sent = old.Sent });
            _sessions.Remove(address);
        }

        long minute = time.GetUtcNow().ToUnixTimeSeconds() / 60;
        (_minute, _begun) = minute == _minute ? (minute, _begun) : (minute, 0);
        if (_sessions.Count == MostSessions || ++_begun > MostInMinute)
        {
            return null;
        }

        session = new Session(recorder.BeginSession());
        session.Log.Record(new Observation(ObservationKinds.Connect) { Protocol = service.Protocol, Source = asker.ToString(), Destination = asked.ToString(), Method = "udp" });
        return _sessions[asker.Address] = session;
    }

    private sealed class Session(ISessionLog log)
    {
        public ISessionLog Log => log;

        public long Last { get; set; }

        public long Received { get; set; }

        public long Sent { get; set; }
    }
}
