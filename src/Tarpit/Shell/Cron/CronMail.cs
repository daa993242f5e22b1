using System.Globalization;
using System.Text;
using Blackwall.Tarpit.Files;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Shell.Cron;

/// <summary>What a command of cron printed, as a mail in the box of the user, as Postfix delivers it.</summary>
internal static class CronMail
{
    private const int MailGroup = 8, BoxMode = 0x180, LargestBox = 256 * 1024;

    public static void Deliver(Visit visit, CronEntry entry, IEnumerable<KeyValuePair<string, string>> environment, ReadOnlySpan<byte> printed)
    {
        string to = entry.Setting("MAILTO") ?? entry.User;
        if (printed.IsEmpty || Accounts.Find(visit.Files, to) is not { } account)
        {
            return;
        }

        string box = "/var/mail/" + account.Name, host = visit.Memory.HostName;
        bool isThere = visit.Files.Read(box, out byte[] before) == FileError.None;
        if (before.Length + printed.Length > LargestBox)
        {
            return;
        }

        DateTimeOffset now = visit.Machine.Now;
        string date = now.ToString("ddd, d MMM yyyy HH:mm:ss", CultureInfo.InvariantCulture) + " +0000 (UTC)";
        string queued = Convert.ToHexString(BitConverter.GetBytes(now.UtcTicks).AsSpan(0, 5));
        StringBuilder head = new();
        head.Append(CultureInfo.InvariantCulture, $"From root@{host}  {now:ddd MMM} {now.Day,2} {now:HH:mm:ss yyyy}\n");
        head.Append(CultureInfo.InvariantCulture, $"Return-Path: <root@{host}>\nX-Original-To: {account.Name}\nDelivered-To: {account.Name}@{host}\nReceived: by {host} (Postfix, from userid {visit.UserId})\n\tid {queued}; {date}\n");
        head.Append(CultureInfo.InvariantCulture, $"From: root@{host} (Cron Daemon)\nTo: {account.Name}@{host}\nSubject: Cron <{entry.User}@{host.Split('.')[0]}> {entry.Command}\nMIME-Version: 1.0\nContent-Type: text/plain; charset=UTF-8\nContent-Transfer-Encoding: 8bit\n");
        foreach ((string name, string value) in environment)
        {
            head.Append(CultureInfo.InvariantCulture, $"X-Cron-Env: <{name}={value}>\n");
        }

        head.Append(CultureInfo.InvariantCulture, $"Message-Id: <{now:yyyyMMddHHmmss}.{queued}@{host}>\nDate: {date}\n\n");
        byte[] content = [.. before, .. Encoding.Latin1.GetBytes(head.ToString()), .. printed, .. printed[^1] == (byte)'\n' ? "\n"u8 : "\n\n"u8];
        Node? old = isThere ? visit.Files.Find(box) : null;
        visit.Files.Put(box, new FileNode { Content = new StoredContent(content), User = old?.User ?? account.Id, Group = old?.Group ?? MailGroup, Mode = old?.Mode ?? BoxMode, Modified = now });
    }
}
