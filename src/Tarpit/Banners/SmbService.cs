using System.Security.Cryptography;
using Blackwall.Tarpit.Banners.Wire;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Banners;

/// <summary>Samba up to the login, which it always refuses: the client's answer to the challenge is kept for crackers. Version 1 is off, as its default is.</summary>
internal sealed class SmbService(Machine machine, string domain, TimeSpan idle) : BannerService(machine.Time, idle)
{
    private const uint NotSupported = 0xC00000BB;
    private const uint AccessDenied = 0xC0000022;
    private const int MostMessages = 64;

    public override string Protocol => "smb";

    protected override async Task RunAsync(Peer peer, ISessionLog log, Action alive, CancellationToken cancellation)
    {
        byte[] challenge = RandomNumberGenerator.GetBytes(8), buffer = [];
        int length = 0;
        for (int messages = 0; messages < MostMessages; messages++)
        {
            int whole;
            while ((whole = SmbMessage.Measure(buffer.AsSpan(0, length))) == 0)
            {
                if (length == 0)
                {
                    buffer = [];
                    await peer.WaitAsync(cancellation);
                }

                if (length == buffer.Length)
                {
                    Array.Resize(ref buffer, Math.Max(1024, buffer.Length * 2));
                }

                int got = await peer.ReadAsync(buffer.AsMemory(length), cancellation);
                if (got == 0)
                {
                    return;
                }

                length += got;
            }

            if (whole < 0 || Answer(buffer.AsSpan(0, whole), challenge, log) is not { } answer)
            {
                return;
            }

            alive();
            await peer.WriteAsync(answer, cancellation);
            buffer.AsSpan(whole, length - whole).CopyTo(buffer);
            length -= whole;
        }
    }

    // Null: Samba closes.
    private byte[]? Answer(ReadOnlySpan<byte> message, byte[] challenge, ISessionLog log)
    {
        switch (SmbMessage.Command(message))
        {
            case -1:
                log.Record(new Observation(ObservationKinds.Request) { Name = "smb1-negotiate", Size = message.Length });
                return SmbMessage.OffersVersion2(message) ? SmbMessage.Negotiate(message, 0x2FF, machine.Bytes("smb-guid", 16), machine.Now) : null;
            case 0:
                ushort dialect = SmbMessage.Dialect(message);
                log.Record(new Observation(ObservationKinds.Request) { Name = "smb2-negotiate", Value = dialect.ToString("x", System.Globalization.CultureInfo.InvariantCulture), Size = message.Length });
                return SmbMessage.Negotiate(message, dialect, machine.Bytes("smb-guid", 16), machine.Now);
            case 1 when SmbMessage.NtlmType(message) == 1:
                return SmbMessage.Challenge(message, challenge, machine.HostName, domain, machine.Now);
            case 1 when SmbMessage.NtlmType(message) == 3 && SmbMessage.ReadLogin(message, challenge) is { } login:
                log.Record(new Observation(ObservationKinds.Login) { User = login.User, Secret = login.Secret, Method = "ntlmv2", Success = false });
                return SmbMessage.Refuse(message);
            case 1:
                return SmbMessage.Refuse(message);
            case 2:
                return SmbMessage.Error(message, 0);
            case > 18:
                return SmbMessage.Error(message, NotSupported);
            default:
                return SmbMessage.Error(message, AccessDenied);
        }
    }
}
