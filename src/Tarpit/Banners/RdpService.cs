using Blackwall.Tarpit.Banners.Wire;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Banners;

/// <summary>xrdp up to its answer to the first packet: the name that the client gives is kept, and what comes after ends the connection.</summary>
internal sealed class RdpService(TimeProvider time, TimeSpan idle) : BannerService(time, idle)
{
    private const int LargestPacket = 4096;

    public override string Protocol => "rdp";

    protected override async Task RunAsync(Peer peer, ISessionLog log, Action alive, CancellationToken cancellation)
    {
        byte[] buffer = new byte[LargestPacket];
        int length = 0, whole;
        while ((whole = RdpRequest.Measure(buffer.AsSpan(0, length))) == 0)
        {
            int got = length < buffer.Length ? await peer.ReadAsync(buffer.AsMemory(length), cancellation) : 0;
            if (got == 0)
            {
                return;
            }

            length += got;
        }

        if (whole < 0 || RdpRequest.TryRead(buffer.AsSpan(0, whole)) is not { } request)
        {
            return;
        }

        alive();
        if (request.Cookie is { Length: > 0 } user)
        {
            log.Record(new Observation(ObservationKinds.Login) { User = user, Method = "rdp-cookie", Success = false });
        }

        await peer.WriteAsync(request.Answer(), cancellation);
        int more = await peer.ReadAsync(buffer, cancellation);
        if (more > 0)
        {
            log.Record(new Observation(ObservationKinds.Request) { Name = buffer[0] == 0x16 ? "tls" : "mcs", Size = more });
        }
    }
}
