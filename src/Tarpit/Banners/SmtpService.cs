using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Detection;
using Blackwall.Tarpit.Recording;

namespace Blackwall.Tarpit.Banners;

/// <summary>Postfix of Ubuntu 24.04: takes mail for its own domain (and keeps it as a file of the attacker's), relays nothing, and refuses every login.</summary>
internal sealed class SmtpService(TimeProvider time, TimeSpan idle, string host, string domain, double delayScale) : BannerService(time, idle)
{
    private const int LongestLine = 2048;
    private const int LargestMail = 10_240_000;
    private const int MostErrors = 20;
    private const int MostRecipients = 100;
    private static readonly TimeSpan s_refusal = TimeSpan.FromSeconds(1.8);

    public override string Protocol => "smtp";

    protected override Task RunAsync(Peer peer, ISessionLog log, Action alive, CancellationToken cancellation) => new Conversation(this, peer, log, alive).RunAsync(cancellation);

    private sealed class Conversation(SmtpService service, Peer peer, ISessionLog log, Action alive)
    {
        private readonly PeerLines _lines = new(peer, LongestLine);
        private readonly string _name = $"{service.HostName}.{service.Domain}";
        private bool _greeted;
        private string? _sender;
        private int _recipients;
        private int _errors;

        public async Task RunAsync(CancellationToken cancellation)
        {
            await SayAsync($"220 {_name} ESMTP Postfix (Ubuntu)", cancellation);
            while (await _lines.ReadAsync(cancellation) is { } line)
            {
                alive();
                int space = line.IndexOf(' ', StringComparison.Ordinal);
                string verb = (space < 0 ? line : line[..space]).ToUpperInvariant(), argument = space < 0 ? "" : line[(space + 1)..].Trim();
                log.Record(new Observation(ObservationKinds.Request) { Text = Readable(line) });
                string answer = verb is "AUTH" ? await LogInAsync(argument, cancellation) : verb is "DATA" && argument.Length == 0 ? await TakeMailAsync(cancellation) : Answer(verb, argument);
                await SayAsync(answer, cancellation);
                _errors += answer[0] is '5' ? 1 : 0;
                if (answer.StartsWith("221", StringComparison.Ordinal))
                {
                    return;
                }

                if (_errors >= MostErrors)
                {
                    await SayAsync($"421 4.7.0 {_name} Error: too many errors", cancellation);
                    return;
                }
            }
        }

        private string Answer(string verb, string argument)
        {
            switch (verb)
            {
                case "EHLO" when argument.Length > 0:
                    _greeted = true;
                    return $"250-{_name}\r\n250-PIPELINING\r\n250-SIZE {LargestMail.ToString(CultureInfo.InvariantCulture)}\r\n250-VRFY\r\n250-ETRN\r\n250-AUTH PLAIN LOGIN\r\n250-AUTH=PLAIN LOGIN\r\n250-ENHANCEDSTATUSCODES\r\n250-8BITMIME\r\n250-DSN\r\n250-SMTPUTF8\r\n250 CHUNKING";
                case "HELO" when argument.Length > 0:
                    _greeted = true;
                    return $"250 {_name}";
                case "EHLO" or "HELO":
                    return $"501 Syntax: {verb} hostname";
                case "MAIL":
                    return Mail(argument);
                case "RCPT":
                    return Recipient(argument);
                case "DATA":
                    return argument.Length > 0 ? "501 5.5.4 Syntax: DATA" : "503 5.5.1 Error: need RCPT command";
                case "RSET":
                    (_sender, _recipients) = (null, 0);
                    return "250 2.0.0 Ok";
                case "NOOP":
                    return "250 2.0.0 Ok";
                case "VRFY":
                    return argument.Length == 0 ? "501 5.5.4 Syntax: VRFY address" : IsOwn(argument) ? $"252 2.0.0 {argument}" : $"454 4.7.1 <{argument}>: Relay access denied";
                case "ETRN":
                    return "459 4.0.0 <" + argument + ">: service unavailable";
                case "QUIT":
                    return "221 2.0.0 Bye";

                // smtpd_forbidden_commands: who speaks another protocol is shown out.
                case "CONNECT" or "GET" or "POST":
                    return "221 2.7.0 Error: I can break rules, too. Goodbye.";
                case "STARTTLS":
                    return "502 5.5.1 Error: command not implemented";
                default:
                    return verb.Length > 0 && verb.All(char.IsAsciiLetter) ? "502 5.5.2 Error: command not recognized" : "500 5.5.2 Error: bad syntax";
            }
        }

        private string Mail(string argument)
        {
            if (!_greeted)
            {
                return "503 5.5.1 Error: send HELO/EHLO first";
            }

            if (!argument.StartsWith("FROM:", StringComparison.OrdinalIgnoreCase))
            {
                return "501 5.5.4 Syntax: MAIL FROM:<address>";
            }

            if (_sender is not null)
            {
                return "503 5.5.1 Error: nested MAIL command";
            }

            _sender = Address(argument[5..]);
            return "250 2.1.0 Ok";
        }

        private string Recipient(string argument)
        {
            if (_sender is null)
            {
                return "503 5.5.1 Error: need MAIL command";
            }

            if (!argument.StartsWith("TO:", StringComparison.OrdinalIgnoreCase) || Address(argument[3..]) is not { Length: > 0 } address)
            {
                return "501 5.5.4 Syntax: RCPT TO:<address>";
            }

            if (!IsOwn(address))
            {
                return $"454 4.7.1 <{address}>: Relay access denied";
            }

            return ++_recipients > MostRecipients ? "452 4.5.3 Error: too many recipients" : "250 2.1.5 Ok";
        }

        private async Task<string> TakeMailAsync(CancellationToken cancellation)
        {
            if (_recipients == 0)
            {
                return _sender is null ? "503 5.5.1 Error: need RCPT command" : "554 5.5.1 Error: no valid recipients";
            }

            await SayAsync("354 End data with <CR><LF>.<CR><LF>", cancellation);
            using MemoryStream mail = new();
            bool isTooLarge = false, isFull = false;
            while (await _lines.ReadAsync(cancellation) is { } line)
            {
                alive();
                if (line is ".")
                {
                    ReadOnlySpan<byte> content = mail.GetBuffer().AsSpan(0, (int)mail.Length);
                    log.Record(new Observation(ObservationKinds.Request) { Name = "mail from " + Readable(_sender ?? ""), Sha256 = log.SaveFile("mail", content), Size = content.Length });
                    peer.Memory.Return(mail.Length);
                    (_sender, _recipients) = (null, 0);
                    return isTooLarge ? "552 5.3.4 Error: message file too big" : isFull ? "452 4.3.1 Insufficient system storage"
                        : $"250 2.0.0 Ok: queued as {Convert.ToHexString(System.Security.Cryptography.RandomNumberGenerator.GetBytes(5))}";
                }

                string text = (line.StartsWith("..", StringComparison.Ordinal) ? line[1..] : line) + "\r\n";
                isTooLarge |= mail.Length > LargestMail;
                isFull |= !isTooLarge && !peer.Memory.TryTake(text.Length);
                if (!isTooLarge && !isFull)
                {
                    mail.Write(Encoding.Latin1.GetBytes(text));
                }
            }

            throw new IOException("The peer ended within a mail.");
        }

        private async Task<string> LogInAsync(string argument, CancellationToken cancellation)
        {
            if (!_greeted)
            {
                return "503 5.5.1 Error: send HELO/EHLO first";
            }

            string[] words = argument.Split(' ', StringSplitOptions.RemoveEmptyEntries);
            string mechanism = words.Length > 0 ? words[0].ToUpperInvariant() : "";
            string user, password;
            if (mechanism is "PLAIN")
            {
                string? answer = words.Length > 1 ? words[1] : await AskAsync("", cancellation);
                string[] parts = Decode(answer).Split('\0');
                if (parts.Length != 3)
                {
                    return "535 5.7.8 Error: authentication failed: Invalid authentication mechanism";
                }

                (user, password) = (parts[1], parts[2]);
            }
            else if (mechanism is "LOGIN")
            {
                user = Decode(words.Length > 1 ? words[1] : await AskAsync("Username:", cancellation));
                password = Decode(await AskAsync("Password:", cancellation));
            }
            else
            {
                return mechanism.Length == 0 ? "501 5.5.4 Syntax: AUTH mechanism" : "535 5.7.8 Error: authentication failed: Invalid authentication mechanism";
            }

            log.Record(new Observation(ObservationKinds.Login) { User = user, Secret = password, Method = mechanism.ToLowerInvariant(), Success = false, Value = _lines.Origin });
            await Task.Delay(s_refusal * service.DelayScale, service.Time, cancellation);
            return "535 5.7.8 Error: authentication failed: (reason unavailable)";
        }

        private async Task<string> AskAsync(string what, CancellationToken cancellation)
        {
            await SayAsync("334 " + Convert.ToBase64String(Encoding.ASCII.GetBytes(what)), cancellation);
            return await _lines.ReadAsync(cancellation) ?? throw new IOException("The peer ended within a login.");
        }

        private bool IsOwn(string address) => address.EndsWith("@" + service.Domain, StringComparison.OrdinalIgnoreCase) || address.EndsWith("@" + _name, StringComparison.OrdinalIgnoreCase) || !address.Contains('@', StringComparison.Ordinal);

        private static string Address(string text)
        {
            string trimmed = text.Trim();
            int open = trimmed.IndexOf('<', StringComparison.Ordinal), close = trimmed.IndexOf('>', StringComparison.Ordinal);
            return open >= 0 && close > open ? trimmed[(open + 1)..close] : trimmed.Split(' ')[0];
        }

        private static string Decode(string text)
        {
            byte[] bytes = new byte[text.Length];
            return Convert.TryFromBase64String(text.Trim(), bytes, out int length) ? Encoding.UTF8.GetString(bytes, 0, length) : "";
        }

        private ValueTask SayAsync(string line, CancellationToken cancellation) => WriteAsync(peer, line + "\r\n", cancellation);
    }

    private string HostName => host;

    private string Domain => domain;

    private double DelayScale => delayScale;
}
