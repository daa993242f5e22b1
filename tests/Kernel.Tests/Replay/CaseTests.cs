using System.Collections;
using System.Globalization;
using System.Text;
using Blackwall.Kernel.Tests.Harness;
using Blackwall.Replay;
using Xunit;

namespace Blackwall.Kernel.Tests.Replay;

/// <summary>Captures that were judged wrongly once, with what is right.</summary>
[Collection(KernelCollection.Name)]
public sealed class CaseTests
{
    [Theory]
    [InlineData("http-crlf", "\"verdict\":\"drop\"", "")]
    [InlineData("http-search", "\"verdict\":\"drop\"", "")]
    [InlineData("http-pipe", "\"verdict\":\"drop\"", "")]
    [InlineData("pppoe-scan", "\"kind\":\"port-scan\"", "\"verdict\":\"drop\"")]
    [InlineData("forge-syn", "\"verdict\":\"rate-limit\"", "\"verdict\":\"drop\"")]
    [InlineData("step-back", "\"kind\":\"brute-force\"", "\"verdict\":\"drop\"")]
    [InlineData("split_64_byte_segments", "t13d1515h2_8daaf6152771_f37e75b10bcc", "")]
    [InlineData("sigalgs_with_grease", "t13i150300_8daaf6152771_85c5c6a023d8", "")]
    public void A_capture_is_judged_rightly(string name, string told, string notTold)
    {
        using MemoryStream output = new();
        using StringWriter errors = new(CultureInfo.InvariantCulture);
        int code = ReplayCommand.Run([File(name), "--json"], new Hashtable(), output, errors);
        Assert.True(code == 0, errors.ToString());
        string text = Encoding.UTF8.GetString(output.ToArray());
        Assert.Contains(told, text, StringComparison.Ordinal);
        if (notTold.Length > 0)
        {
            Assert.DoesNotContain(notTold, text, StringComparison.Ordinal);
        }
    }

    private static string File(string name, [System.Runtime.CompilerServices.CallerFilePath] string here = "") =>
        Path.Combine(Path.GetDirectoryName(here)!, "Cases", name + ".pcap");
}
