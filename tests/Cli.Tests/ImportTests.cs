using System.Text.Json.Nodes;
using Blackwall.Pipeline.Model;
using Xunit;

namespace Blackwall.Tests.Cli;

/// <summary>"import": netset, CSV and JSON, all or nothing unless bad entries are to be skipped.</summary>
public sealed class ImportTests : CliFixture
{
    [Theory]
    [InlineData("a.netset", "# list\n203.0.113.1\n\n203.0.113.2 ; why\n2001:db8::/48\n")]
    [InlineData("a.txt", "\ufeff203.0.113.1\r\n203.0.113.2\r\n2001:db8::/48\r\n")]
    [InlineData("a.csv", "when,IP,why\n2026-01-01,203.0.113.1,\"a, b\"\n2026-01-01,\"203.0.113.2\",c\n2026-01-02,2001:db8::/48,\n")]
    [InlineData("b.csv", "203.0.113.1,scan\n203.0.113.2,scan\n2001:db8::/48,scan\n")]
    [InlineData("a.json", "[\"203.0.113.1\", \"203.0.113.2\", \"2001:db8::/48\"]")]
    [InlineData("b.json", "{\"items\": [{\"scope\": \"203.0.113.1\"}, {\"ip\": \"203.0.113.2\"}, {\"value\": \"2001:db8::/48\", \"type\": \"net\"}]}")]
    public async Task Each_format_is_read(string name, string text)
    {
        Assert.Equal((0, "Imported 3 rules. The wall acts on them.\n", ""), await Run("import", Write(name, text)));
        Assert.Equal((Verdict.Drop, Verdict.Drop, Verdict.Drop), (VerdictOf("203.0.113.1"), VerdictOf("203.0.113.2"), VerdictOf("2001:db8::5")));
        Assert.Equal("import", Appliance.Board.Effective(Prefix.Parse("203.0.113.1"))!.Reason);
    }

    [Theory]
    [InlineData("a.csv", "id,source,ip,reason,action\n1,crowdsec,Ip:203.0.113.1,x,ban\n2,crowdsec,Range:203.0.113.0/28,x,ban\n")]
    [InlineData("a.json", "[{\"source\": \"crowdsec\", \"value\": \"Ip:203.0.113.1\", \"type\": \"ban\"}, {\"scope\": \"203.0.113.0/28\"}]")]
    public async Task The_export_of_another_tool_is_read_by_its_column_of_addresses(string name, string text)
    {
        Assert.Equal((0, "Imported 2 rules. The wall acts on them.\n", ""), await Run("import", Write(name, text)));
        Assert.Equal(Verdict.Drop, VerdictOf("203.0.113.1"));
    }

    [Theory]
    [InlineData("a.json", "{\"whitelist\": [\"192.0.2.10\"], \"blocked\": [\"203.0.113.1\"]}", "several arrays (whitelist, blocked)")]
    [InlineData("b.json", "[{\"ip\": \"192.0.2.10\", \"action\": \"allow\"}, {\"ip\": \"203.0.113.1\", \"action\": \"drop\"}]", "an entry with 'allow'")]
    [InlineData("a.csv", "address,action\n192.0.2.10,allow\n203.0.113.1,drop\n", "an entry with 'allow'")]
    public async Task What_is_to_be_allowed_never_becomes_a_block(string name, string text, string why)
    {
        (int code, _, string error) = await Run("import", Write(name, text));
        Assert.Equal(65, code);
        Assert.Contains(why, error, StringComparison.Ordinal);
        Assert.Null(VerdictOf("192.0.2.10"));
    }

    [Fact]
    public async Task One_bad_or_guarded_entry_and_nothing_changes_and_each_is_named()
    {
        (int code, string output, string error) = await Run("import", Write("a.csv", "ip\n203.0.113.1\n203.0.113.999\n"));
        Assert.Equal((65, ""), (code, output));
        Assert.Equal("line 3: '203.0.113.999' is not an IP address or prefix.\nNothing was imported. --skip imports the others.\n", error);
        (code, output, error) = await Run("import", Write("a.json", "[\"203.0.113.1\", \"127.0.0.1\"]"));
        Assert.Equal((65, ""), (code, output));
        Assert.StartsWith("item 2: 127.0.0.1 is refused", error, StringComparison.Ordinal);
        Assert.Null(VerdictOf("203.0.113.1"));
    }

    [Fact]
    public async Task With_skip_bad_and_guarded_entries_are_named_and_the_others_imported()
    {
        string bad = string.Concat(Enumerable.Range(0, 250).Select(i => $"nonsense{i}\n"));
        string file = Write("a.netset", $"203.0.113.1\n{bad}203.0.113.7\n10.0.0.1/33\n203.0.113.2\n127.0.0.0/8\n203.0.113.3/24\n");
        (int code, string output, string error) = await Run("import", file, "--skip", "--ttl", "7d", "--reason", "shared");
        Assert.Equal(0, code);
        string[] named = error.TrimEnd('\n').Split('\n');
        Assert.Contains("line 2 skipped: 'nonsense0' is not an IP address or prefix.", named, StringComparer.Ordinal);
        Assert.Contains("line 251 skipped: 'nonsense249' is not an IP address or prefix.", named, StringComparer.Ordinal);
        Assert.Contains(named, line => line.StartsWith("line 253 skipped: ", StringComparison.Ordinal));
        Assert.Contains(named, line => line.StartsWith("line 255 skipped: 127.0.0.0/8 ", StringComparison.Ordinal));
        Assert.Contains($"; {named.Length} skipped. ", output, StringComparison.Ordinal);
        Decision rule = Appliance.Board.Effective(Prefix.Parse("203.0.113.2"))!;
        Assert.Equal((Verdict.Drop, "shared", TimeSpan.FromDays(7)), (rule.Verdict, rule.Reason, rule.Expiry - rule.Start));
    }

    [Fact]
    public async Task A_list_is_replaced_and_a_dry_run_changes_nothing()
    {
        await Run("import", Write("a", "203.0.113.1\n203.0.113.2\n"), "--list", "partner");
        Assert.Equal((0, "Would import 2 rules, 1 of them new; 1 went.\n", ""), await Run("import", Write("b", "203.0.113.2\n203.0.113.3\n"), "--list", "partner", "--dry-run"));
        Assert.Equal(Verdict.Drop, VerdictOf("203.0.113.1"));
        (_, string output, _) = await Run("import", Write("b", "203.0.113.2\n203.0.113.3\n"), "--list", "partner", "--json");
        Assert.Equal((2, 1), ((int)JsonNode.Parse(output)!["imported"]!, (int)JsonNode.Parse(output)!["removed"]!));
        Assert.Equal((null, Verdict.Drop), (VerdictOf("203.0.113.1"), VerdictOf("203.0.113.3")));
    }

    [Theory]
    [InlineData("", "has no address or prefix in it.")]
    [InlineData("{\"a\": 1}", "holds no array;")]
    [InlineData("[\"203.0.113.1\",\n nonsense]", "is no JSON: line 2 is not understood.")]
    public async Task What_is_no_list_is_refused(string text, string sentence)
    {
        (int code, _, string error) = await Run("import", Write("a", text));
        Assert.Equal(65, code);
        Assert.Contains(sentence, error, StringComparison.Ordinal);
        Assert.Equal(65, (await Run("import", "/nowhere/list")).Code);
        Assert.Equal(65, (await Run("import", Write("b", "x\ny\n"), "--skip")).Code);
    }
}
