using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Connections;

/// <summary>ssh-keyscan(1), and "ssh-keygen -l": keys as the SSH server of the machine shows them.</summary>
internal static class HostKeyCommands
{
    private const int LongestBanner = 255, Patience = 5;
    private static readonly string[] s_kinds = ["rsa", "ecdsa", "ed25519"];

    /// <summary>ssh-keygen -l -f FILE.</summary>
    public static async ValueTask<int> FingerprintAsync(Invocation i, string file)
    {
        FileError error = i.Read(file, out byte[] content);
        if (error is not FileError.None)
        {
            return await i.FailAsync($"{file}: {error.Text()}", 255);
        }

        // Of a private key the public half beside it is read.
        string text = Encoding.Latin1.GetString(content);
        if (text.StartsWith("-----BEGIN", StringComparison.Ordinal) && i.Read(file + ".pub", out byte[] half) is FileError.None)
        {
            text = Encoding.Latin1.GetString(half);
        }

        int told = 0;
        foreach (string[] words in text.Split('\n').Select(line => line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        {
            int at = Array.FindIndex(words, word => word.StartsWith("ssh-", StringComparison.Ordinal) || word.StartsWith("ecdsa-", StringComparison.Ordinal));
            if (at < 0 || at + 1 >= words.Length || !TryBlob(words[at + 1], out byte[] blob))
            {
                continue;
            }

            (string kind, int bits) = words[at] switch { "ssh-rsa" => ("RSA", (blob.Length - 22) / 128 * 1024), "ssh-ed25519" => ("ED25519", 256), "ssh-dss" => ("DSA", 1024), _ => ("ECDSA", 256) };
            string comment = words.Length > at + 2 ? string.Join(' ', words.Skip(at + 2)) : at > 0 ? words[0] : "no comment";
            await i.PrintAsync(string.Create(CultureInfo.InvariantCulture, $"{bits} {Print(blob)} {comment} ({kind})\n"));
            told++;
        }

        return told > 0 ? 0 : await EndAsync(i, $"{file} is not a public key file.");
    }

    /// <summary>"SHA256:..." of a key.</summary>
    public static string Print(byte[] blob) => "SHA256:" + Convert.ToBase64String(SHA256.HashData(blob)).TrimEnd('=');

    private static bool TryBlob(string text, out byte[] blob)
    {
        blob = new byte[text.Length];
        bool isKey = Convert.TryFromBase64String(text, blob, out int length);
        blob = blob[..length];
        return isKey;
    }

    public static async ValueTask<int> ScanAsync(Invocation i)
    {
        OptionParsing options = OptionParsing.Lenient(i.Arguments, "46cDHO:f:p:T:t:vq");
        int port = int.TryParse(options.Value('p'), NumberStyles.None, CultureInfo.InvariantCulture, out int given) && given <= ushort.MaxValue ? given : 22;
        TimeSpan patience = TimeSpan.FromSeconds(int.TryParse(options.Value('T'), NumberStyles.None, CultureInfo.InvariantCulture, out int seconds) && seconds is > 0 and < 3600 ? seconds : Patience);
        if (options.Operands.Count == 0)
        {
            return await EndAsync(i, "usage: ssh-keyscan [-46cDHqv] [-f file] [-O option] [-p port] [-T timeout]\n                   [-t type] [host | addrlist namelist]");
        }

        int told = 0;
        foreach (string host in options.Operands.SelectMany(operand => operand.Split(',')))
        {
            i.State.Log.Record(new Recording.Observation(Recording.ObservationKinds.Download) { Name = i.Name, Text = host, Host = host });
            Attempt attempt = await Dialer.DialAsync(i.State, host, port, patience, i.Cancellation);
            string? banner = null;
            if (attempt.Stream is { } stream)
            {
                await using WireStream closed = stream;
                await i.State.Turns.OutsideAsync(async () => banner = await ReadBannerAsync(stream, patience, i));
            }

            if (banner is null)
            {
                await (attempt.Address is null ? i.Streams.Error.WriteAsync($"getaddrinfo {host}: {attempt.Error}\n", i.Cancellation) : ValueTask.CompletedTask);
                continue;
            }

            foreach (string kind in s_kinds.Where(kind => options.Value('t')?.Split(',').Any(wanted => wanted.Contains(kind, StringComparison.Ordinal)) ?? true))
            {
                string name = port == 22 ? host : string.Create(CultureInfo.InvariantCulture, $"[{host}]:{port}");
                await (options.Has('q') ? ValueTask.CompletedTask : i.Streams.Error.WriteAsync(string.Create(CultureInfo.InvariantCulture, $"# {host}:{port} {banner}\n"), i.Cancellation));
                if (World.HostKeyFiles.Public(i.Machine, kind) is { } key)
                {
                    await i.PrintAsync($"{name} {key}\n");
                    told++;
                }
            }
        }

        return told > 0 ? 0 : 1;
    }

    // The identification string (RFC 4253 section 4.2) of the server there; null: it speaks something else, or nothing.
    private static async Task<string?> ReadBannerAsync(WireStream stream, TimeSpan patience, Invocation i)
    {
        byte[] line = new byte[LongestBanner];
        int length = 0;
        using CancellationTokenSource late = new(patience, i.Machine.Time), either = CancellationTokenSource.CreateLinkedTokenSource(late.Token, i.Cancellation);
        try
        {
            while (length < line.Length && Array.IndexOf(line, (byte)'\n', 0, length) < 0)
            {
                int got = await stream.ReadAsync(line.AsMemory(length), either.Token);
                if (got == 0)
                {
                    break;
                }

                length += got;
            }
        }
        catch (Exception e) when (e is IOException || (e is OperationCanceledException && !i.Cancellation.IsCancellationRequested))
        {
            return null;
        }

        string text = Encoding.Latin1.GetString(line, 0, length);
        return text.StartsWith("SSH-2.0-", StringComparison.Ordinal) && text.IndexOf('\n', StringComparison.Ordinal) is > 0 and var end ? text[..end].TrimEnd('\r') : null;
    }

    private static async ValueTask<int> EndAsync(Invocation i, string text)
    {
        await i.Streams.Error.WriteAsync(text + "\n", i.Cancellation);
        return 255;
    }
}
