using System.Buffers.Binary;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Shell;
using Blackwall.Tarpit.Ssh.Wire;

namespace Blackwall.Tarpit.Sftp;

/// <summary>OpenSSH's sftp-server over the files of a visitor.</summary>
internal sealed class SftpServer(Visit visit, IProgramIo io, ISessionLog log)
{
    private readonly SftpDispatcher _dispatcher = new(visit, log);

    /// <summary>Answers until the peer ends.</summary>
    public async Task<ExitStatus> RunAsync(CancellationToken cancellation)
    {
        ShellInput input = ShellInput.From(io);
        while (true)
        {
            byte[] head = await input.ReadExactlyAsync(sizeof(uint), cancellation);
            if (head.Length < sizeof(uint))
            {
                break;
            }

            uint length = BinaryPrimitives.ReadUInt32BigEndian(head);
            if (length is 0 or > SftpDispatcher.LargestMessage)
            {
                return new ExitStatus(11);
            }

            byte[] message = await input.ReadExactlyAsync((int)length, cancellation);
            if (message.Length < length || _dispatcher.Answer(message) is not { } answer)
            {
                break;
            }

            await SendAsync(answer, cancellation);
        }

        _dispatcher.End();
        return default;
    }

    private async ValueTask SendAsync(SshWriter answer, CancellationToken cancellation)
    {
        byte[] packet = new byte[sizeof(uint) + answer.Written.Length];
        BinaryPrimitives.WriteUInt32BigEndian(packet, (uint)answer.Written.Length);
        answer.Written.CopyTo(packet.AsSpan(sizeof(uint)));
        await io.WriteAsync(packet, cancellation);
    }
}
