using System.Text;
using Blackwall.Feeds.Wire;
using Blackwall.Pipeline.Indicators;
using Xunit;

namespace Blackwall.Tests.Feeds;

/// <summary>The shapes of real feeds, each with the traps that it has.</summary>
public sealed class FeedReaderTests
{
    private static readonly long s_now = StixTime.ToMicros(new DateTimeOffset(2030, 1, 1, 0, 0, 0, TimeSpan.Zero));

    private static FeedReading Read(string format, string text, string field = "", int most = 1000) =>
        FeedReader.Read(Enum.Parse<FeedFormat>(format), field, Encoding.UTF8.GetBytes(text), most, s_now);

    [Theory]
    [InlineData("netset", "Plain", "# level1\n#\n0.0.0.0/8\n45.0.0.0/24\n45.0.0.0/24\n45.0.1.7\n", "0.0.0.0/8 45.0.0.0/24 45.0.1.7", 0, 0)]
    [InlineData("crlf", "Plain", "45.0.0.1\r\n45.0.0.2\r\n\r\n", "45.0.0.1 45.0.0.2", 0, 0)]
    [InlineData("mixed families", "Plain", "45.0.0.1\n2a00:1450::1\n::ffff:45.0.0.9\n::ffff:45.1.0.0/112\n", "45.0.0.1 45.0.0.9 45.1.0.0/16 2a00:1450::1", 0, 0)]
    [InlineData("ports and brackets", "Plain", "45.0.0.1:443\n[2a00:1450::1]:80\n[2a00:1450::2]\n", "45.0.0.1 2a00:1450::1 2a00:1450::2", 0, 0)]
    [InlineData("host bits", "Plain", "45.0.0.77/24\n", "45.0.0.0/24", 0, 0)]
    [InlineData("ranges", "Plain", "45.0.0.0-45.0.0.5\n45.0.0.9 - 45.0.0.8\n", "45.0.0.0/30 45.0.0.4/31", 1, 0)]
    [InlineData("leading zeros may be octal", "Plain", "45.0.0.1\n45.0.0.010\n045.0.0.2\n", "45.0.0.1", 2, 0, true)]
    [InlineData("bad lengths", "Plain", "45.0.0.1\n45.0.0.3\n45.0.0.0/33\n45.0.0.0/\n", "45.0.0.1 45.0.0.3", 2, 0, true)]
    [InlineData("spamhaus text", "Plain", "; DROP\n45.2.0.0/16 ; SBL256894\n", "45.2.0.0/16", 0, 0)]
    [InlineData("feodo", "Feodo", "# banner\n#\n\"first_seen_utc\",\"dst_ip\",\"dst_port\",\"c2_status\",\"last_online\",\"malware\"\n\"2030-01-01 00:00:00\",\"45.0.0.1\",\"443\",\"online\",\"2030-01-01\",\"QakBot\"\n\"2030-01-01 00:00:00\",\"45.0.0.2\",\"443\",\"offline\",\"2029-01-01\",\"QakBot\"\n\"2030-01-01 00:00:00\",\"::ffff:45.0.0.3\",\"443\",\"online\",\"2030-01-01\",\"Emotet\"\n# END 3 entries\n", "45.0.0.1 45.0.0.3", 0, 1)]
    [InlineData("feodo without quotes", "Feodo", "first_seen_utc,dst_ip,dst_port,c2_status,last_online,malware\n2030-01-01 00:00:00,45.0.0.1,443,online,2030-01-01,QakBot\n", "45.0.0.1", 0, 0)]
    [InlineData("feodo, empty", "Feodo", "# banner\nfirst_seen_utc,dst_ip,dst_port,c2_status,last_online,malware\n# END 0 entries\n", "", 0, 0)]
    [InlineData("sslbl", "Sslbl", "# Firstseen,DstIP,DstPort\n2030-01-01 00:00:00,45.0.0.1,443\n", "45.0.0.1", 0, 0)]
    [InlineData("threatfox", "Threatfox", "# \"first_seen_utc\", \"ioc_id\", \"ioc_value\", \"ioc_type\", \"threat_type\", \"fk_malware\", \"malware_alias\", \"malware_printable\", \"last_seen_utc\", \"confidence_level\", \"reference\"\n\"2030-01-01 00:00:00\", \"1\", \"45.0.0.1:443\", \"ip:port\", \"botnet_cc\", \"win.x\", \"a, b\", \"X\", \"\", \"75\", \"\"\n\"2030-01-01 00:00:00\", \"2\", \"[2a00:1450::1]:8080\", \"ip:port\", \"botnet_cc\", \"win.x\", \"\", \"X\", \"\", \"75\", \"\"\n\"2030-01-01 00:00:00\", \"3\", \"evil.example\", \"domain\", \"botnet_cc\", \"win.x\", \"\", \"X\", \"\", \"75\", \"https://45.9.9.9/report\"\n", "45.0.0.1 2a00:1450::1", 0, 1)]
    [InlineData("urlhaus", "Urlhaus", "# id,dateadded,url,url_status,last_online,threat,tags,urlhaus_link,reporter\r\n\"1\",\"2030-01-01\",\"http://45.0.0.1:8080/bin.sh\",\"online\",\"2030-01-01\",\"malware_download\",\"elf,mirai\",\"https://urlhaus.example/1/\",\"x\"\r\n\"2\",\"2030-01-01\",\"http://evil.example/45.0.0.9\",\"online\",\"2030-01-01\",\"malware_download\",\"\",\"\",\"x\"\r\n\"3\",\"2030-01-01\",\"http://45.0.0.1@evil.example/\",\"online\",\"\",\"malware_download\",\"\",\"\",\"x\"\r\n\"4\",\"2030-01-01\",\"http://45.0.0.4/\",\"offline\",\"\",\"malware_download\",\"\",\"\",\"x\"\r\n", "45.0.0.1", 0, 3)]
    [InlineData("spamhaus", "Spamhaus", "{\"cidr\":\"45.0.0.0/16\",\"sblid\":\"SBL1\",\"rir\":\"ripencc\"}\n{\"cidr\":\"2a00:1450::/32\",\"sblid\":\"SBL2\",\"rir\":\"arin\"}\n{\"type\":\"metadata\",\"timestamp\":1,\"size\":9,\"records\":2}\n", "45.0.0.0/16 2a00:1450::/32", 0, 0)]
    [InlineData("dshield", "Dshield", "# DShield.org\nStart\tEnd\tNetmask\tAttacks\tName\tCountry\temail\n45.0.0.0\t45.0.0.255\t24\t1200\tEXAMPLE\tNL\ta@b.example\n", "45.0.0.0/24", 0, 0)]
    [InlineData("any csv", "Csv", "when,who,what\n2030-01-01,45.0.0.1,scan\n2030-01-02,\"45.0.0.2\",\"a, b\"\n", "45.0.0.1 45.0.0.2", 0, 1)]
    [InlineData("json lines", "Json", "{\"ip\":\"45.0.0.1\",\"note\":\"x\"}\n{\"ip\":\"45.0.0.2\"}\n{\"ip\":7}\n", "45.0.0.1 45.0.0.2", 1, 0)]
    [InlineData("json list", "Json", "[\"45.0.0.1\",\n \"45.0.0.0/31\"]", "45.0.0.0/31 45.0.0.1", 0, 0)]
    [InlineData("json document", "Json", "{\"data\":[{\"address\":\"45.0.0.1\"}]}", "45.0.0.1", 0, 0)]
    [InlineData("stix", "Stix", "{\"type\":\"bundle\",\"id\":\"bundle--1\",\"objects\":[{\"type\":\"identity\"},"
        + "{\"type\":\"indicator\",\"id\":\"indicator--1\",\"modified\":\"2029-01-01T00:00:00.000Z\",\"valid_from\":\"2029-01-01T00:00:00Z\",\"pattern_type\":\"stix\",\"pattern\":\"[ipv4-addr:value = '45.0.0.1']\"},"
        + "{\"type\":\"indicator\",\"id\":\"indicator--2\",\"modified\":\"2029-01-01T00:00:00.000Z\",\"valid_from\":\"2029-01-01T00:00:00Z\",\"valid_until\":\"2029-02-01T00:00:00Z\",\"pattern_type\":\"stix\",\"pattern\":\"[ipv4-addr:value = '45.0.0.2']\"},"
        + "{\"type\":\"indicator\",\"id\":\"indicator--3\",\"modified\":\"2029-01-01T00:00:00.000Z\",\"valid_from\":\"2029-01-01T00:00:00Z\",\"pattern_type\":\"stix\",\"pattern\":\"[ipv4-addr:value = '45.0.0.3']\"},"
        + "{\"type\":\"indicator\",\"id\":\"indicator--3\",\"modified\":\"2029-01-02T00:00:00.000Z\",\"valid_from\":\"2029-01-01T00:00:00Z\",\"revoked\":true,\"pattern_type\":\"stix\",\"pattern\":\"[ipv4-addr:value = '45.0.0.3']\"},"
        + "{\"type\":\"indicator\",\"id\":\"indicator--4\",\"modified\":\"2029-01-01T00:00:00.000Z\",\"valid_from\":\"2029-01-01T00:00:00Z\",\"pattern_type\":\"stix\",\"pattern\":\"[ipv4-addr:value = '45.0.0.4' AND domain-name:value = 'x']\"}]}", "45.0.0.1", 0, 3)]
    public void Each_shape_gives_its_addresses(string shape, string format, string text, string entries, int invalid, int skipped, bool mostlyWrong = false)
    {
        FeedReading reading = Read(format, mostlyWrong ? text + "45.0.0.1\n" : text);
        Assert.True(reading.Failure is null, $"{shape}: {reading.Failure}");
        Assert.Equal(entries, string.Join(' ', reading.Entries.Select(entry => $"{entry.Scope}")));
        Assert.Equal((invalid, skipped), (reading.Invalid, reading.Skipped));
        Assert.Equal(invalid, reading.Samples.Count);
    }

    [Theory]
    [InlineData("Plain", "<html>45.0.0.1</html>", "HTML")]
    [InlineData("Csv", "\n\n  <!DOCTYPE html>", "HTML")]
    [InlineData("Plain", "45.0.0.1\0", "binary")]
    [InlineData("Plain", "quota exceeded\n", "No address")]
    [InlineData("Plain", "45.0.0.1\nno\nno\n", "more than can")]
    [InlineData("Spamhaus", "{\"cidr\":\"45.0.0.0/16\"}\n{\"type\":\"metadata\",\"records\":2}\n", "cut")]
    [InlineData("Spamhaus", "{\"cidr\":\"45.0.0.0/16\"}\n{\"cid", "its last line")]
    [InlineData("Csv", "a,b\n1,45.0.0.1\n", "no column 'address'", "address")]
    [InlineData("Json", "{\"a\":{\"b\":{\"c\":{\"d\":{\"e\":{\"f\":{\"g\":{\"h\":{\"i\":{\"j\":{\"k\":{\"l\":{\"m\":{\"n\":{\"o\":{\"p\":{\"q\":1}}}}}}}}}}}}}}}}}", "deep")]
    [InlineData("Stix", "{\"error\":\"no\"}", "no STIX")]
    [InlineData("Stix", "[]", "no STIX")]
    [InlineData("Sslbl", "# ja3_md5,Firstseen,Lastseen,Listingreason\nb386946a5a44d1ddcc843bc75336dfce,2017-07-14 18:08:15,2019-07-27 20:42:54,Dridex\n", "No address")]
    public void What_is_no_list_gives_nothing_and_says_why(string format, string text, string says, string field = "")
    {
        FeedReading reading = Read(format, text, field);
        Assert.Contains(says, reading.Failure, StringComparison.Ordinal);
        Assert.Empty(reading.Entries);
    }

    [Fact]
    public void A_list_that_is_too_long_is_refused_and_one_that_fits_is_not()
    {
        Assert.Contains("more than 3 entries", Read("Plain", "45.0.0.1\n45.0.0.2\n45.0.0.3\n45.0.0.4\n", most: 3).Failure, StringComparison.Ordinal);
        Assert.Equal(3, Read("Plain", "45.0.0.1\n45.0.0.2\n45.0.0.3\n", most: 3).Entries.Count);
    }

    [Fact]
    public void What_a_feed_says_beside_an_address_is_kept_harmless()
    {
        FeedReading reading = Read("Plain", "45.0.0.1 # \u001b[31mred\u202e " + new string('x', 200) + "\n45.0.0.2 ; SBL1\n");
        string note = reading.Entries[0].Note!;
        Assert.Equal(FeedReading.MaxNote, note.Length);
        Assert.DoesNotContain(note, letter => letter is < ' ' or > '~');
        Assert.Equal("SBL1", reading.Entries[1].Note);
    }
}
