using Blackwall.Tarpit.Sessions;
using Xunit;

namespace Blackwall.Tarpit.Tests.World;

/// <summary>Programs that have the whole terminal.</summary>
public sealed class ScreenTests
{
    private static readonly Terminal s_terminal = new("xterm", 80, 24);

    private readonly VirtualHost _host = new();

    [Fact]
    public async Task Vi_inserts_deletes_pastes_undoes_substitutes_and_writes()
    {
        await _host.TypeAsync("vi /root/a\rione\rtwo\rthree\x1bggyyGp:%s/o/0/g\r:w\rddu:wq\rexit\r");
        Assert.Equal("0ne\ntw0\nthree\n0ne\n", await _host.RunAsync("cat /root/a"));
        await _host.TypeAsync("vi +2 /root/a\rxA!\x1b:x\rvi /root/a\rdd:q\r:q!\rexit\r");
        Assert.Equal("0ne\nw0!\nthree\n0ne\n", await _host.RunAsync("cat /root/a"));
        Assert.Contains(_host.Records.Observations, observation => observation is { Method: "vi", Name: "/root/a" });
    }

    [Fact]
    public async Task Nano_writes_when_it_is_told()
    {
        string shown = await _host.TypeAsync("nano /root/n\rfirst\rsecond\x0f\r\x18" + "nano /root/n\rX\x18n" + "nano /root/n\r\x0b\x18y\rexit\r");
        Assert.Contains("GNU nano 7.2", shown, StringComparison.Ordinal);
        Assert.Equal("second\n", await _host.RunAsync("cat /root/n"));
    }

    [Fact]
    public async Task Pagers_and_top_end_with_q()
    {
        string shown = await _host.TypeAsync("less /etc/passwd\r qtop\rqman ls\rqwatch -n 1 date\rqecho still here\rexit\r");
        Assert.Contains("root:x:0:0:", shown, StringComparison.Ordinal);
        Assert.Contains("%Cpu(s):", shown, StringComparison.Ordinal);
        Assert.Contains("LS(1)", shown, StringComparison.Ordinal);
        Assert.Contains("Every 1.0s: date", shown, StringComparison.Ordinal);
        Assert.Contains("\rstill here", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_is_not_shown()
    {
        string shown = await _host.TypeAsync("passwd\rHidden77\rHidden77\rexit\r");
        Assert.Contains("password updated successfully", shown, StringComparison.Ordinal);
        Assert.DoesNotContain("Hidden77", shown, StringComparison.Ordinal);
        Assert.Contains(_host.Records.Observations, observation => observation is { Secret: "Hidden77" });
    }

    [Fact]
    public async Task Without_keys_an_editor_ends()
    {
        (string shown, _) = await _host.TryAsync("vi /etc/hosts", terminal: s_terminal);
        Assert.Contains("127.0.0.1 localhost", shown, StringComparison.Ordinal);
    }
}
