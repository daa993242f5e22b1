using Blackwall.Tarpit.Tests.World;
using Xunit;

namespace Blackwall.Tarpit.Tests.Shell;

/// <summary>/bin/sh at a terminal: what is shown is what dash 0.5.12 shows in a pty.</summary>
public sealed class DashPromptTests
{
    private readonly VirtualHost _host = new();

    [Fact]
    public async Task Sh_has_the_prompt_and_the_words_of_dash()
    {
        string shown = await TalkAsync("# ", "sh\r", "nosuch\r", "cd /nosuch\r", "echo $0\r", "nosuch\r", "echo ${x:?gone}\r", "sleep 9 &\r", "jobs\r", "exit\r");
        Assert.Contains("sh\r\n# nosuch\r\nsh: 1: nosuch: not found\r\n# cd /nosuch\r\nsh: 2: cd: can't cd to /nosuch\r\n# echo $0\r\nsh\r\n# nosuch\r\nsh: 4: nosuch: not found\r\n# echo ${x:?gone}\r\nsh: 5: x: gone\r\n# sleep 9 &\r\n# jobs\r\n[1] + Running                    sleep 9\r\n# ", shown, StringComparison.Ordinal);
        Assert.EndsWith("# exit\r\nb> ", shown, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_user_who_was_added_has_sh()
    {
        string shown = await TalkAsync("$ ", "useradd -m bob; useradd -m -s /bin/bash eve; su - bob -c 'echo $0 $SHELL'; su eve -c 'echo $0 $SHELL'; su bob\r", "exit\r");
        Assert.Contains("sh /bin/sh\r\nbash /bin/bash\r\n$ exit\r\nb> ", shown, StringComparison.Ordinal);
    }

    // The first step is for bash, the others for a shell with this prompt.
    private async Task<string> TalkAsync(string prompt, params string[] steps) =>
        await _host.TalkAsync([("# ", "PS1='b> '\r"), ("\nb> ", steps[0]), .. steps[1..].Select(step => ("\n" + prompt, step)), ("\nb> ", "")]);
}
