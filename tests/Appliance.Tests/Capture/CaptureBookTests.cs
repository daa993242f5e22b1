using System.Diagnostics;
using System.Text;
using Blackwall.Capture;
using Blackwall.Events;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Capture;

public sealed class CaptureBookTests
{
    private const string Attacker = "203.0.113.7";
    private const string Server = "10.0.0.5";

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private static Prefix Scope(string text) => Prefix.Parse(text);

    [Fact]
    public void A_local_decision_starts_a_capture_that_holds_both_directions_and_names_the_decision()
    {
        using CaptureFixture fixture = new();
        fixture.Book.Flag(fixture.Decide(17, Attacker), "drop");
        fixture.Send(Attacker, Server);
        fixture.Send(Server, Attacker, outgoing: true);
        fixture.Send("198.51.100.1", Server);
        CaptureRecord capture = Assert.Single(fixture.Book.List(new CaptureQuery(long.MaxValue, null, 17, 10)));
        Assert.Equal((2, "decision", Scope(Attacker)), (capture.Packets, capture.Cause, capture.Scope));
        Assert.Equal([17], capture.Decisions);
        Assert.Equal(2, fixture.Read(capture.Id).Packets.Count);
        Assert.Contains("decisions=17 verdict=drop", Encoding.UTF8.GetString(fixture.Download(capture.Id)), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_course_of_a_capture_is_told()
    {
        using CaptureFixture fixture = new();
        fixture.Book.Flag(fixture.Decide(17, Attacker), "drop");
        fixture.Clock.Advance(TimeSpan.FromMinutes(10));
        fixture.Book.Tick();
        Assert.True(fixture.Book.Delete(1));
        EventPage page = await fixture.Log.ReadAsync(0, 10, TestContext.Current.CancellationToken);
        Assert.Equal(
            [("started", false), ("ended", true), ("deleted", true)],
            page.Events.Select(CaptureEvents.Moved.Read).Select(body => (body!.Change, body.Capture.Ended is not null)));
    }

    [Fact]
    public void What_a_suspect_sent_before_the_decision_is_written_first_and_what_is_too_old_is_not()
    {
        using CaptureFixture fixture = new(o => o.SecondsBefore = 10);
        fixture.Book.Suspect(Address.Parse(Attacker));
        fixture.Send(Attacker, Server, 1);
        fixture.Clock.Advance(TimeSpan.FromSeconds(11));
        fixture.Send(Attacker, Server, 2);
        fixture.Clock.Advance(TimeSpan.FromSeconds(1));
        fixture.Book.Flag(fixture.Decide(1, Attacker), "drop");
        fixture.Send(Attacker, Server, 3);
        var packets = fixture.Read(1).Packets;
        Assert.Equal([2, 3], packets.Select(p => Convert.ToInt32(p.Data.Substring(72, 4), 16)));
        Assert.Contains("seen=before-the-decision", Encoding.UTF8.GetString(fixture.Download(1)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_suspect_that_is_never_decided_about_leaves_no_file_and_is_forgotten()
    {
        using CaptureFixture fixture = new();
        fixture.Book.Suspect(Address.Parse(Attacker));
        fixture.Send(Attacker, Server);
        fixture.Clock.Advance(TimeSpan.FromMinutes(1));
        fixture.Book.Tick();
        Assert.Empty(fixture.Files);
        Assert.Empty(fixture.Tap.Watched);
    }

    [Fact]
    public void A_capture_ends_in_time_and_at_its_limit_of_packets()
    {
        using CaptureFixture fixture = new(o => (o.MaxPackets, o.SecondsAfter) = (3, 60));
        fixture.Book.Flag(fixture.Decide(1, Attacker), "drop");
        fixture.Book.Flag(fixture.Decide(2, "203.0.113.8"), "drop");
        for (int i = 0; i < 5; i++)
        {
            fixture.Send(Attacker, Server);
        }

        Assert.Equal(3, fixture.Book.Find(1)!.Packets);
        Assert.NotNull(fixture.Book.Find(1)!.Ended);
        fixture.Clock.Advance(TimeSpan.FromSeconds(61));
        fixture.Book.Tick();
        Assert.Equal("its time was over", fixture.Book.Find(2)!.Outcome);
        Assert.Empty(fixture.Tap.Watched);

        // A decision that had its share gets no second one.
        fixture.Book.Flag(fixture.Decide(1, Attacker), "drop");
        Assert.Single(fixture.Book.List(new CaptureQuery(long.MaxValue, null, 1, 10)));
    }

    [Fact]
    public void Files_rotate_by_size_are_compressed_and_come_back_as_one()
    {
        using CaptureFixture fixture = new(o => (o.MaxFileMegabytes, o.SnapLength, o.MaxMegabytes) = (1, 2048, 100));
        fixture.Book.Start(Scope(Attacker), TimeSpan.FromMinutes(1), "tester");
        for (int i = 0; i < 1500; i++)
        {
            fixture.Send(Attacker, Server, payload: 1400);
        }

        while (fixture.Book.CompressNext())
        {
        }

        Assert.Equal(["capture-0000000001-0001.pcapng.gz", "capture-0000000001-0002.pcapng.gz", "capture-0000000001-0003.pcapng.part"], fixture.Files);
        Assert.Equal(1500, fixture.Read(1).Packets.Count);
        Assert.True(fixture.Read(1).Whole);
    }

    [Fact]
    public void The_oldest_ended_captures_make_room_and_old_ones_go()
    {
        using CaptureFixture fixture = new(o => (o.MaxTotalMegabytes, o.Compression, o.SecondsAfter, o.MaxAgeHours) = (1, false, 10, 1));
        for (int decision = 1; decision <= 4; decision++)
        {
            fixture.Book.Flag(fixture.Decide(decision, $"203.0.113.{decision}"), "drop");
            for (int i = 0; i < 250; i++)
            {
                fixture.Send($"203.0.113.{decision}", Server, payload: 1400);
            }

            fixture.Clock.Advance(TimeSpan.FromSeconds(11));
            fixture.Book.Tick();
            Assert.True(fixture.Book.Read()["storedBytes"] <= 1 << 20);
        }

        Assert.Null(fixture.Book.Find(1));
        Assert.NotNull(fixture.Book.Find(4));
        fixture.Clock.Advance(TimeSpan.FromHours(2));
        fixture.Book.Tick();
        Assert.Empty(fixture.Files);
        Assert.Empty(fixture.Book.List(new CaptureQuery(long.MaxValue, null, null, 10)));
        Assert.Equal(0, fixture.Book.Read()["storedBytes"]);
    }

    [Fact]
    public void The_management_plane_is_refused_and_told_to_the_filter()
    {
        using CaptureFixture fixture = new();
        fixture.Board.Guard(new GuardSet([new GuardEntry(Scope("198.51.100.9"), "the peer of an SSH session", Pass: true), new GuardEntry(Scope(Server), "an address of this machine", Pass: false)]));
        Assert.Contains("198.51.100.9", fixture.Book.Start(Scope("198.51.100.0/24"), TimeSpan.FromMinutes(1), "tester").Refusal, StringComparison.Ordinal);
        Assert.Empty(fixture.Tap.Watched);
        Assert.Null(fixture.Book.Start(Scope(Attacker), TimeSpan.FromMinutes(1), "tester").Refusal);
        Assert.NotNull(fixture.Tap.Guard.Overlapping(Scope("198.51.100.9")));
        Assert.Equal([22, CaptureFixture.ApiPort], fixture.Tap.OwnPorts);

        // Frames that the wall dropped do not pass the socket's filter.
        fixture.Send(Attacker, Server, CaptureFixture.ApiPort, droppedBy: 1);
        fixture.Send(Attacker, Server, 22, droppedBy: 1);
        Assert.Equal(0, fixture.Book.Find(1)!.Packets);
        fixture.Send(Attacker, Server, 80, droppedBy: 1);
        Assert.Equal(1, fixture.Book.Find(1)!.Packets);

        // A ping is no management traffic, whoever it is sent to.
        fixture.SendDroppedPing(Attacker, Server);
        Assert.Equal(2, fixture.Book.Find(1)!.Packets);
    }

    [Fact]
    public void More_captures_than_may_run_at_a_time_are_refused_and_counted()
    {
        using CaptureFixture fixture = new(o => o.MaxOpen = 2);
        for (int i = 1; i <= 5; i++)
        {
            fixture.Book.Flag(fixture.Decide(i, $"203.0.113.{i}"), "drop");
        }

        Assert.Equal((2L, 3L), (fixture.Book.Read()["open"], fixture.Book.Read()["refused"]));
    }

    [Fact]
    public void A_file_that_a_killed_process_left_is_mended_and_kept()
    {
        using CaptureFixture fixture = new();
        fixture.Book.Start(Scope(Attacker), TimeSpan.FromMinutes(1), "tester");
        fixture.Send(Attacker, Server);
        fixture.Send(Attacker, Server);
        fixture.Book.Tick();
        string left = Path.Combine(fixture.Folder, "captures", "capture-0000000001-0001.pcapng.part");
        using (FileStream file = new(left, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite))
        {
            file.SetLength(file.Length - 5);
        }

        fixture.Start();
        Assert.Equal("the appliance ended", fixture.Book.Find(1)!.Outcome);
        Assert.True(fixture.Read(1).Whole);
        Assert.Single(fixture.Read(1).Packets);
        Assert.Equal(2, fixture.Book.Start(Scope(Attacker), TimeSpan.FromMinutes(1), "tester").Capture!.Id);
    }

    [Fact]
    public void A_deleted_capture_leaves_nothing_and_files_are_for_their_owner_alone()
    {
        using CaptureFixture fixture = new();
        fixture.Book.Start(Scope(Attacker), TimeSpan.FromMinutes(1), "tester");
        fixture.Send(Attacker, Server);
        string folder = Path.Combine(fixture.Folder, "captures");
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Directory.EnumerateFiles(folder).Single()));
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(folder));
        Assert.True(fixture.Book.Delete(1));
        Assert.False(fixture.Book.Delete(1));
        Assert.Empty(fixture.Files);
    }

    [Fact]
    public async Task Tcpdump_reads_every_packet_of_a_capture_that_runs_and_of_one_that_fills_several_files()
    {
        using CaptureFixture fixture = new(o => (o.MaxFileMegabytes, o.MaxMegabytes) = (1, 100));
        fixture.Book.Start(Scope("2001:db8::/32"), TimeSpan.FromMinutes(1), "tester");
        for (int i = 0; i < 1000; i++)
        {
            fixture.Send("2001:db8::7", "2001:db8:1::5", payload: 1400);
        }

        string file = Path.Combine(fixture.Folder, "download.pcapng");
        await File.WriteAllBytesAsync(file, fixture.Download(1), Cancellation);
        using Process tcpdump = Process.Start(new ProcessStartInfo("tcpdump", ["-nr", file]) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false })!;
        Task<string> errors = tcpdump.StandardError.ReadToEndAsync(Cancellation);
        string[] lines = (await tcpdump.StandardOutput.ReadToEndAsync(Cancellation)).Split('\n', StringSplitOptions.RemoveEmptyEntries);
        await tcpdump.WaitForExitAsync(Cancellation);
        Assert.True(tcpdump.ExitCode == 0, await errors);
        Assert.Equal(1000, lines.Length);
        Assert.All(lines, line => Assert.Contains("2001:db8::7.40000 > 2001:db8:1::5.53", line, StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_full_disk_ends_the_capture_is_told_and_leaves_whole_packets()
    {
        string disk = Directory.CreateTempSubdirectory("blackwall-disk-").FullName;
        await RunAsync("mount", "-t", "tmpfs", "-o", "size=256k", "tmpfs", disk);
        try
        {
            using CaptureFixture fixture = new(o => o.Folder = disk);
            fixture.Book.Start(Scope(Attacker), TimeSpan.FromMinutes(1), "tester");
            for (int i = 0; i < 300; i++)
            {
                fixture.Send(Attacker, Server, payload: 1400);
            }

            Assert.Contains("could not be written", fixture.Book.Find(1)!.Outcome, StringComparison.Ordinal);
            Assert.NotNull(fixture.Book.Fault);
            Assert.True(fixture.Book.Read()["writeFailures"] > 0);
            Assert.True(fixture.Read(1).Whole);
            Assert.InRange(fixture.Read(1).Packets.Count, 100, 200);

            // Room again: the next one is written, and all is well.
            Assert.True(fixture.Book.Delete(1));
            fixture.Book.Start(Scope(Attacker), TimeSpan.FromMinutes(1), "tester");
            fixture.Send(Attacker, Server);
            Assert.Null(fixture.Book.Fault);
            Assert.Single(fixture.Read(2).Packets);
        }
        finally
        {
            await RunAsync("umount", "-l", disk);
            Directory.Delete(disk);
        }
    }

    private static async Task RunAsync(string command, params string[] arguments)
    {
        using Process process = Process.Start(command, arguments);
        await process.WaitForExitAsync(Cancellation);
        Assert.Equal(0, process.ExitCode);
    }
}
