using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Options;

namespace Blackwall.Notifications;

/// <summary>Gives a mail to the sendmail program of this machine. Recipients are headers, so no text becomes an argument.</summary>
internal sealed class MailNotifier(IOptions<NotifyOptions> options, TimeProvider time) : INotifier
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(20);

    public string Name => "mail";

    public bool IsUsed => options.Value.MailTo.Count > 0;

    public async Task SendAsync(Notification notification, CancellationToken cancellation)
    {
        NotifyOptions settings = options.Value;
        using CancellationTokenSource patience = new(s_patience, time);
        using CancellationTokenSource either = CancellationTokenSource.CreateLinkedTokenSource(patience.Token, cancellation);
        try
        {
            ProcessStartInfo start = new(settings.Sendmail, ["-t", "-i"]) { RedirectStandardInput = true, RedirectStandardError = true, UseShellExecute = false };

            // Nothing of the appliance's own environment is for it.
            start.Environment.Clear();
            start.Environment["PATH"] = "/usr/sbin:/usr/bin:/sbin:/bin";
            using Process program = Process.Start(start)!;
            try
            {
                Task<string> complaint = program.StandardError.ReadToEndAsync(either.Token);
                await WriteAsync(program, Message(notification, settings, Environment.MachineName), either.Token);
                await program.WaitForExitAsync(either.Token);
                if (program.ExitCode != 0)
                {
                    string why = await complaint;
                    throw new NotifyException(string.Create(CultureInfo.InvariantCulture, $"{settings.Sendmail} ended with {program.ExitCode}: {why[..Math.Min(why.Length, 200)].Trim()}"));
                }
            }
            finally
            {
                if (!program.HasExited)
                {
                    program.Kill(entireProcessTree: true);
                }
            }
        }
        catch (Exception failure) when (failure is Win32Exception or IOException)
        {
            throw new NotifyException($"{settings.Sendmail} cannot be used: {failure.Message}", failure);
        }
        catch (OperationCanceledException late) when (!cancellation.IsCancellationRequested)
        {
            throw new NotifyException($"{settings.Sendmail} did not end within {s_patience.TotalSeconds:0} seconds.", late);
        }
    }

    // A program that ends without reading says why by its exit code and on standard error, which the broken pipe does not.
    private static async Task WriteAsync(Process program, string message, CancellationToken cancellation)
    {
        try
        {
            await program.StandardInput.WriteAsync(message.AsMemory(), cancellation);
            program.StandardInput.Close();
        }
        catch (IOException)
        {
            // As above.
        }
    }

    internal static string Message(Notification notification, NotifyOptions settings, string host)
    {
        string subject = NotificationTemplate.Fill(settings.Subject, notification, host).Trim();
        return new StringBuilder()
            .Append(CultureInfo.InvariantCulture, $"From: {settings.MailFrom}\nTo: {string.Join(", ", settings.MailTo)}\n")
            .Append(CultureInfo.InvariantCulture, $"Subject: =?utf-8?B?{Convert.ToBase64String(Encoding.UTF8.GetBytes(subject[..Math.Min(subject.Length, 200)]))}?=\n")
            .Append(CultureInfo.InvariantCulture, $"Date: {notification.Time.UtcDateTime:R}\n")
            .Append("Auto-Submitted: auto-generated\nMIME-Version: 1.0\nContent-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: base64\n\n")
            .Append(Convert.ToBase64String(Encoding.UTF8.GetBytes(NotificationTemplate.Fill(settings.Text, notification, host) + "\n"), Base64FormattingOptions.InsertLineBreaks))
            .Append('\n')
            .ToString();
    }
}
