using System.Buffers.Binary;
using System.Net;
using Blackwall.Tarpit.Banners;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Dns.Wire;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Dns;

/// <summary>The name server over TCP: two bytes of length before each message.</summary>
internal sealed class DnsService(DnsServer server, TimeProvider time) : BannerService(time, s_idle)
{
    private const int MostMessages = 1000;

    // tcp-idle-timeout of BIND.
    private static readonly TimeSpan s_idle = TimeSpan.FromSeconds(30);

    public override string Protocol => "dns";

    protected override async Task RunAsync(Peer peer, ISessionLog log, Action alive, CancellationToken cancellation)
    {
        byte[] head = new byte[2];
        for (int messages = 0; messages < MostMessages; messages++)
        {
            if (!await TryFillAsync(peer, head, cancellation))
            {
                return;
            }

            byte[] message = new byte[BinaryPrimitives.ReadUInt16BigEndian(head)];
            if (!await TryFillAsync(peer, message, cancellation))
            {
                return;
            }

            alive();
            Record(log, message, "tcp");
            if (server.Answer(message, peer.Destination.Address, peer.Remote.Address) is not { } answer)
            {
                return;
            }

            byte[] framed = new byte[2 + answer.Length];
            BinaryPrimitives.WriteUInt16BigEndian(framed, (ushort)answer.Length);
            answer.CopyTo(framed, 2);
            await peer.WriteAsync(framed, cancellation);
        }
    }

    /// <summary>The answer to a datagram: never longer than the question. What does not fit is asked for again over TCP.</summary>
    public byte[]? AnswerDatagram(ReadOnlySpan<byte> message, IPEndPoint asker, IPEndPoint asked) =>
        server.Answer(message, asked.Address, asker.Address) is not { } answer ? null : answer.Length <= message.Length ? answer : DnsTruncation.Create(message);

    public static void Record(ISessionLog log, ReadOnlySpan<byte> message, string transport)
    {
        if (DnsQuery.TryRead(message) is { IsMalformed: false } query)
        {
            log.Record(new Observation(ObservationKinds.Request)
            {
                Name = query.Name,
                Value = query.Type.ToString(System.Globalization.CultureInfo.InvariantCulture),
                Method = transport,
                Text = TunnelName.Classify(query.Labels),
                Size = message.Length,
            });
        }
    }

    private static async ValueTask<bool> TryFillAsync(Peer peer, Memory<byte> buffer, CancellationToken cancellation)
    {
        while (!buffer.IsEmpty)
        {
            int got = await peer.ReadAsync(buffer, cancellation);
            if (got == 0)
            {
                return false;
            }

            buffer = buffer[got..];
        }

        return true;
    }
}
