using System.ComponentModel;
using System.Diagnostics;
using System.Text;
using Blackwall.Pipeline.Model;
using Blackwall.Tests.Api;
using Blackwall.Tests.Tui.Fake;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Terminal.Gui.Input;
using Xunit;

namespace Blackwall.Tests.Tui;

public sealed class RealThingTests
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_block_made_by_keys_stands_in_the_real_appliance_and_is_lifted_by_keys()
    {
        using ApplianceFactory appliance = new("[api]\nlisten = \"http://127.0.0.1:0\"\n");
        appliance.UseKestrel();
        appliance.StartServer();
        string api = appliance.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.First();
        using ConsoleOnScreen console = new(new Uri(api), appliance.Key, width: 120);
        await console.Shows("eth0  enforce  attached native, tcx");
        await console.Until(() => console.Session.Feed.Open);
        console.Press(Key.D2);
        await console.Shows("page 1, the last");

        console.Type("b");
        console.Type("127.0.0.1");
        console.Press(Key.Enter);
        await console.Shows("Guarded: 127.0.0.0/8 is");
        console.Press(Key.Esc, Key.Esc);

        console.Type("b");
        console.Type("203.0.113.0/24");
        console.Press(Key.Tab, Key.Tab);
        console.Type("1h");
        console.Press(Key.Tab);
        console.Type("scans us");
        console.Press(Key.Enter);
        await console.Shows("drop 203.0.113.0/24 for 1 h 0 min: do it?");
        console.Type("y");
        await console.Shows("Decided: drop 203.0.113.0/24");
        await console.Shows("scans us");
        Decision decision = appliance.Board.Effective(Prefix.Parse("203.0.113.9"))!;
        Assert.Equal((Verdict.Drop, "scans us", TimeSpan.FromHours(1)), (decision.Verdict, decision.Comment, decision.Expiry - decision.Start));

        console.Press(Key.Home);
        console.Type("l");
        await console.Shows("Lift drop 203.0.113.0/24 (operator, operator, decision");
        console.Type("y");
        await console.Shows("Lifted decision");
        Assert.Null(appliance.Board.Effective(Prefix.Parse("203.0.113.9")));
        console.Press(Key.D5);
        await console.Shows("lifted by admin: drop 203.0.113.0/24");
    }

    [Theory]
    [InlineData("")]
    [InlineData("--no-colour")]
    public async Task The_program_draws_in_a_terminal_and_leaves_it_as_it_was(string options)
    {
        await using FakeAppliance fake = await FakeAppliance.StartAsync();

        // Where ./blackwall finds it, with what it needs beside it.
        string program = Path.Combine(AppContext.BaseDirectory.Replace("/tests/Tui.Tests/", "/src/Tui/", StringComparison.Ordinal), "blackwall-tui.dll");
        ProcessStartInfo start = new("script") { UseShellExecute = false, RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true };
        start.ArgumentList.Add("-qfec");
        start.ArgumentList.Add($"stty rows 24 cols 80; stty -g; dotnet '{program}' --api {fake.Api} {options}; echo EXIT=$?; stty -g");
        start.ArgumentList.Add("/dev/null");
        start.Environment["TERM"] = "xterm-256color";
        start.Environment["BLACKWALL_KEY"] = "bw_test";
        start.Environment.Remove("NO_COLOR");
        using Process process = Process.Start(start)!;
        try
        {
            StringBuilder output = new();
            bool quits = false;
            char[] buffer = new char[4096];
            for (int read; (read = await process.StandardOutput.ReadAsync(buffer, Cancellation)) > 0;)
            {
                output.Append(buffer, 0, read);
                if (!quits && output.ToString().Contains("generation 12", StringComparison.Ordinal))
                {
                    quits = true;
                    await process.StandardInput.WriteAsync("q");
                    await process.StandardInput.FlushAsync(Cancellation);
                }
            }

            await process.WaitForExitAsync(Cancellation);
            string all = output.ToString();
            Assert.True(quits, all);
            Assert.Contains("EXIT=0", all, StringComparison.Ordinal);
            Assert.Contains("\u001b[?1049l", all, StringComparison.Ordinal);
            string[] modes = [.. all.Split('\n').Select(line => line.Trim()).Where(line => line.Length > 60 && line.Count(c => c == ':') > 20 && !line.Contains('\u001b', StringComparison.Ordinal))];
            Assert.Equal(2, modes.Length);
            Assert.Equal(modes[0], modes[1]);
            if (options.Length > 0)
            {
                Assert.DoesNotMatch(@"\x1b\[(?:[0-9;]*;)?(?:38;[25]|48;[25]|3[0-7]|4[0-7]|9[0-7])[;m]", all);
            }
        }
        finally
        {
            try
            {
                process.Kill(entireProcessTree: true);
            }
            catch (Exception gone) when (gone is InvalidOperationException or Win32Exception)
            {
                // It ended by itself, as it should.
            }
        }
    }
}
