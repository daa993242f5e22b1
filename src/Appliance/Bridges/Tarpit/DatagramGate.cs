using System.Net;
using Blackwall.Pipeline.Model;
using Blackwall.Tarpit.Dns;

namespace Blackwall.Bridges.Tarpit;

/// <summary>
/// What datagrams may cause. Their senders can be forged, so an answer is never longer than the question, there are few of them for each network, none for
/// ports of services, and each question has at most one. The tarpit answers; this holds whatever it sends. Owned by one loop and one link: locked.
/// </summary>
internal sealed class DatagramGate(TimeProvider time)
{
    private const int MostPending = 256;
    private const int MostNetworks = 4096;
    private const int AnswersInSecond = 5;
    private const int LastServicePort = 1023;
    private const int DnsPort = 53;
    private const int ShortestQuestion = 12;
    private const int Answered = 0x80;
    private static readonly TimeSpan s_second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    private readonly Lock _lock = new();
    private readonly Dictionary<uint, (IPEndPoint Asker, int Socket, byte[] Question, long Since)> _pending = [];
    private readonly Dictionary<Prefix, (long Since, int Count)> _networks = [];
    private uint _number;
    private long _dropped;
    private long _shortened;

    /// <summary>Datagrams that were not answered: too many, from a service's port, no question.</summary>
    public long Dropped => Interlocked.Read(ref _dropped);

    /// <summary>Answers that were longer than their question, and were replaced.</summary>
    public long Shortened => Interlocked.Read(ref _shortened);

    /// <summary>A datagram came. True: it may be handed on, under this number; the answer goes out by the same socket.</summary>
    public bool TryAdmit(IPEndPoint asker, int socket, ReadOnlySpan<byte> question, out uint number)
    {
        number = 0;
        lock (_lock)
        {
            if (question.Length < ShortestQuestion || (question[2] & Answered) != 0 || (asker.Port <= LastServicePort && asker.Port != DnsPort) || !MayAnswer(asker.Address))
            {
                _dropped++;
                return false;
            }

            if (_pending.Count == MostPending)
            {
                foreach (uint old in _pending.Where(p => time.GetElapsedTime(p.Value.Since) > s_patience).Select(p => p.Key).ToArray())
                {
                    _pending.Remove(old);
                }

                if (_pending.Count == MostPending)
                {
                    _dropped++;
                    return false;
                }
            }

            number = ++_number;
            _pending[number] = (asker, socket, question.ToArray(), time.GetTimestamp());
            return true;
        }
    }

    /// <summary>The tarpit answers. True: this is to be sent, to this asker by this socket, and never again.</summary>
    public bool TryTake(uint number, ReadOnlySpan<byte> answer, out IPEndPoint? asker, out int socket, out byte[] sent)
    {
        (asker, socket, sent) = (null, 0, []);
        lock (_lock)
        {
            if (!_pending.Remove(number, out (IPEndPoint Asker, int Socket, byte[] Question, long Since) asked) || time.GetElapsedTime(asked.Since) > s_patience)
            {
                return false;
            }

            (asker, socket) = (asked.Asker, asked.Socket);
            if (answer.Length <= asked.Question.Length)
            {
                sent = answer.ToArray();
                return sent.Length > 0;
            }

            _shortened++;
            sent = DnsTruncation.Create(asked.Question) ?? [];
            return sent.Length > 0;
        }
    }

    private bool MayAnswer(IPAddress address)
    {
        Address source = Address.From(address);
        Prefix network = Prefix.Around(source, source.IsV4 ? 24 : 56);
        bool isKnown = _networks.TryGetValue(network, out (long Since, int Count) seen);
        if (!isKnown && _networks.Count == MostNetworks)
        {
            foreach (Prefix old in _networks.Where(n => time.GetElapsedTime(n.Value.Since) >= s_second).Select(n => n.Key).ToArray())
            {
                _networks.Remove(old);
            }

            if (_networks.Count == MostNetworks)
            {
                return false;
            }
        }

        seen = isKnown && time.GetElapsedTime(seen.Since) < s_second ? seen : (time.GetTimestamp(), 0);
        _networks[network] = (seen.Since, seen.Count + 1);
        return seen.Count < AnswersInSecond;
    }
}
