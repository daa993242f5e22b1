using Blackwall.Fingerprints;
using Xunit;

namespace Blackwall.Tests.Fingerprints;

public sealed class FingerprintFileTests
{
    private const string Good = """{"kind":"ja4","value":"t13d1516h2_*","label":"A, \"B\"","category":"browser","confidence":0.5,"source":"s","note":"n"}""";

    [Fact]
    public void What_is_shipped_is_in_order_and_names_its_source()
    {
        (IReadOnlyList<FingerprintEntry> entries, _) = ShippedFingerprints.Read();
        Assert.InRange(entries.Count, 40, 1000);
        Assert.All(entries, entry => Assert.True(entry.Source.StartsWith("measured: ", StringComparison.Ordinal) || entry.Source.StartsWith("published: https://", StringComparison.Ordinal)));
        Assert.All(entries, entry => Assert.True(entry.Shipped));
    }

    [Fact]
    public void Both_forms_read_back_what_was_written()
    {
        (IReadOnlyList<FingerprintEntry> entries, _) = ShippedFingerprints.Read();
        FingerprintEntry[] all = [.. entries.Select(e => e with { Shipped = false }), FingerprintFile.ReadJson(Good).Entries[0], new(FingerprintKind.SshBanner, "SSH-2.0-a,\"b\"*", "x\"y", FingerprintCategory.Tool, 1, "s,t", null)];
        Assert.Equal(all, FingerprintFile.ReadJson(string.Join("\n", all.Select(FingerprintFile.Json))).Entries);
        string csv = string.Join(',', FingerprintFile.Columns) + "\r\n" + string.Join("\r\n", all.Select(FingerprintFile.Csv)) + "\r\n";
        (IReadOnlyList<FingerprintEntry> read, IReadOnlyDictionary<string, string[]> errors) = FingerprintFile.ReadCsv(csv);
        Assert.Empty(errors);
        Assert.Equal(all, read);
    }

    [Theory]
    [InlineData("{", "It is not the JSON")]
    [InlineData("null", "It is no entry")]
    [InlineData("{\"kind\":\"ja4\",\"what\":1}", "It is not the JSON")]
    [InlineData("{\"kind\":\"ja3\"}", "kind: must be one of ja4, hassh, ssh-banner, tcp-syn; got 'ja3'")]
    [InlineData("{\"kind\":\"hassh\",\"value\":\"x\"}", "value: 32 hex digits")]
    public void A_bad_line_is_named_with_its_number(string line, string sentence)
    {
        IReadOnlyDictionary<string, string[]> errors = FingerprintFile.ReadJson($"{Good}\n\n{line}\n").Errors;
        Assert.Contains(Assert.Single(errors, e => e.Key is "line 3").Value, s => s.StartsWith(sentence, StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("kind,value\nja4,x", "line 1")]
    [InlineData("kind,value,label,category,confidence,source,other\n", "line 1")]
    [InlineData("kind,value,label,category,confidence,source\nja4,t13*,\"open,browser,1,s\n", "line 2")]
    [InlineData("kind,value,label,category,confidence,source\nja4,t13*,\"a\"b,browser,1,s\n", "line 2")]
    [InlineData("kind,value,label,category,confidence,source\nja4,t13*,a,browser,1,s\nja4,t13*,a,browser,x,s", "line 3")]
    public void Bad_csv_is_named_with_its_line(string text, string line) => Assert.Equal([line], FingerprintFile.ReadCsv(text).Errors.Keys);

    [Theory]
    [InlineData(FingerprintKind.Ja4, "t13d1516h2_8daaf6152771_02713d6af862", true)]
    [InlineData(FingerprintKind.Ja4, "t13*", true)]
    [InlineData(FingerprintKind.Ja4, "t1*", false)]
    [InlineData(FingerprintKind.Ja4, "*", false)]
    [InlineData(FingerprintKind.Ja4, "t13d1516h2_8daaf6152771_02713d6af86", false)]
    [InlineData(FingerprintKind.Ja4, "t13d1516h2_8DAAF6152771_02713d6af862", false)]
    [InlineData(FingerprintKind.Hassh, "472b5de333ad665af5cbf10ff892c4df", true)]
    [InlineData(FingerprintKind.Hassh, "472b5de333*", false)]
    [InlineData(FingerprintKind.SshBanner, "SSH-2.0-Go", true)]
    [InlineData(FingerprintKind.SshBanner, "SSH-2.0-a\nb", false)]
    [InlineData(FingerprintKind.SshBanner, "Go", false)]
    public void A_value_has_the_form_of_its_kind(FingerprintKind kind, string value, bool good) => Assert.Equal(good, FingerprintReader.WrongValue(kind, value) is null);
}
