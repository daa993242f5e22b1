using Blackwall.Tarpit.MySql;
using Blackwall.Tarpit.MySql.Seed;
using Blackwall.Tarpit.MySql.Sql;
using Blackwall.Tarpit.World;
using Xunit;

namespace Blackwall.Tarpit.Tests.MySql;

/// <summary>Statements against what MySQL 8.0 answers to them.</summary>
public sealed class SqlTests
{
    private static readonly Machine s_machine = new(new byte[32], new DateTimeOffset(2026, 3, 1, 0, 0, 0, TimeSpan.Zero), TimeProvider.System);
    private static readonly Website s_site = new(s_machine);
    private static readonly IReadOnlyDictionary<string, object> s_variables = Variables.OfServer(s_machine, MySqlServer.Version);
    private static readonly Catalog s_catalog = DatabaseSeed.Build(s_machine, s_site, s_variables);

    private readonly SqlSession _session = new(s_machine, new CatalogCopy(s_catalog, 1 << 20), s_variables, 7);

    public SqlTests() => _session.Begin("root", "192.0.2.7", null);

    [Theory]
    [InlineData("SELECT 1+1", "2")]
    [InlineData("SELECT 1.5*2, 7/2, 7 DIV 2, 7 % 4, -7 % 4, 2+'3x', 1/0", "3.0|3.5|3|3|-3|5|NULL")]
    [InlineData("SELECT 18446744073709551615, 0x41, x'4142', 'a' 'b', 'it''s', \"q\", 1e3", "18446744073709551615|A|AB|ab|it's|q|1000")]
    [InlineData("SELECT NULL = 1, NULL <=> NULL, 1 IS NOT NULL, NOT 0, 1 AND NULL, 1 OR NULL, 0 XOR 1", "NULL|1|1|1|NULL|1|1")]
    [InlineData("SELECT 'abc' LIKE 'A%', 'a_c' LIKE 'a\\_c', 'abc' REGEXP '^a.c$', 'B' BETWEEN 'a' AND 'c', 2 IN (1,2), 3 NOT IN (1,2)", "1|1|1|1|1|1")]
    [InlineData("SELECT MID('hello',2,3), SUBSTRING('hello' FROM -3), LEFT('abc',2), LPAD('7',3,'0'), TRIM(LEADING 'x' FROM 'xxay'), SUBSTRING_INDEX('a.b.c','.',-2)", "ell|llo|ab|007|ay|b.c")]
    [InlineData("SELECT HEX('AB'), UNHEX('4142'), ORD('A'), CHAR(77,121), MD5('a'), CONV('ff',16,10), CONCAT_WS('-','a',NULL,'b')", "4142|AB|65|My|0cc175b9c0f1b6a831c399e269772661|255|a-b")]
    [InlineData("SELECT CASE 2 WHEN 1 THEN 'a' WHEN 2 THEN 'b' END, IF(1>2,'x','y'), IFNULL(NULL,'n'), COALESCE(NULL,NULL,3), NULLIF(1,1), ELT(2,'a','b')", "b|y|n|3|NULL|b")]
    [InlineData("SELECT CAST('12abc' AS SIGNED), CAST(1.555 AS DECIMAL(5,2)), CAST(5 AS CHAR), CONVERT('a' USING utf8mb4)", "12|1.56|5|a")]
    [InlineData("SELECT DATE_ADD('2024-01-31', INTERVAL 1 MONTH), DATE_FORMAT('2024-02-03 04:05:06','%d/%m/%y %H:%i'), DATEDIFF('2024-03-01','2024-02-01'), UNIX_TIMESTAMP('2024-01-01')", "2024-02-29|03/02/24 04:05|29|1704067200")]
    [InlineData("SELECT QUARTER(NULL) IS NULL, QUARTER('2024-05-01'), ISNULL(TIMESTAMPADD(MINUTE,7,NULL)), TIMESTAMPADD(DAY,1,'2024-01-01'), TRUNCATE(1.999,1), INSERT('abcd',2,2,'XY'), LAST_DAY('2024-02-03')", "1|2|1|2024-01-02|1.9|aXYd|2024-02-29")]
    [InlineData("SELECT (CASE WHEN ((SELECT super_priv FROM mysql.user WHERE user='root' LIMIT 0,1)='Y') THEN 1 ELSE 0 END)", "1")]
    [InlineData("SELECT /*!40101 1, */ /*!99999 2, */ /* 3, */ 4 -- 5\n # 6", "1|4")]
    [InlineData("SELECT @a := 5, @a + 1", "5|6")]
    [InlineData("SELECT USER(), CURRENT_USER(), DATABASE(), @@version_comment, @@session.autocommit, @@secure_file_priv", "root@192.0.2.7|root@%|NULL|(Ubuntu)|1|/var/lib/mysql-files/")]
    [InlineData("SELECT 1 UNION SELECT 2 UNION ALL SELECT 2 ORDER BY 1 DESC LIMIT 2", "2;2")]
    [InlineData("SELECT t.a, (SELECT MAX(x.b) FROM (SELECT 3 b UNION SELECT 4) x) FROM (SELECT 1 a) t", "1|4")]
    [InlineData("SELECT COUNT(*), SUM(total) > 0, MIN(id) FROM shop.orders WHERE id BETWEEN 1 AND 10", "10|1|1")]
    [InlineData("SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA='wordpress' AND TABLE_NAME LIKE 'wp\\_u%' ORDER BY 1", "wp_usermeta;wp_users")]
    [InlineData("SELECT COLUMN_NAME, COLUMN_TYPE FROM INFORMATION_SCHEMA.COLUMNS WHERE table_schema='shop' AND table_name='api_keys' LIMIT 2,1", "token|varchar(64)")]
    [InlineData("SELECT plugin FROM mysql.user WHERE user='root' AND host='localhost'", "auth_socket")]
    [InlineData("SHOW VARIABLES LIKE 'secure_file%'", "secure_file_priv|/var/lib/mysql-files/")]
    [InlineData("SHOW DATABASES", "information_schema;mysql;performance_schema;shop;sys;wordpress")]
    public void A_query_is_answered_as_by_the_server(string statement, string expected) => Assert.Equal(expected, Run(statement));

    [Theory]
    [InlineData("DO ", "1", "+1", 1436)]
    [InlineData("SET @a=", "1", "*1", 1436)]
    [InlineData("SELECT ", "1", "||0", 1436)]
    [InlineData("SELECT ", "1", " AND 1", 1436)]
    [InlineData("SELECT ", "1", " IS NULL", 1436)]
    [InlineData("SELECT ", "1", "=1", 1436)]
    [InlineData("SELECT ", "1", " LIKE 1", 1436)]
    [InlineData("SELECT ", "'a'", " COLLATE utf8mb4_bin", 1436)]
    [InlineData("SELECT ", "'2024-01-01'", "+INTERVAL 1 DAY", 1436)]
    [InlineData("SELECT ", "", "NOT ", 1436)]
    [InlineData("SELECT ", "", "(", 1436)]
    [InlineData("SELECT ", "", "-", 1436)]
    [InlineData("SELECT ", "", "(SELECT ", 1436)]
    [InlineData("SELECT ", "", "CASE ", 1436)]
    [InlineData("SELECT ", "", "IF(", 1436)]
    [InlineData("SELECT 1 FROM mysql.db a", "", " JOIN mysql.db", 1116)]
    [InlineData("SELECT 1 FROM mysql.db", "", ",mysql.db", 1116)]
    public void A_chain_of_any_length_is_refused_and_ends_nothing(string start, string first, string link, int error)
    {
        string few = start + first + string.Concat(Enumerable.Repeat(link, 12_000));
        Assert.Equal(error, Assert.Throws<MySqlException>(() => Run(few)).Error.Code);
        Assert.Equal("2", Run("SELECT 1+1"));
    }

    [Theory]
    [InlineData("SELECT LENGTH(TRIM(LEADING 'a' FROM REPEAT('a',1000000)))", 0)]
    [InlineData("SELECT LENGTH(TRIM(BOTH 'a' FROM REPEAT('a',1000000)))", 0)]
    [InlineData("SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b WHERE 7 IN (1,2,3,4,5,6,8,9,10,11,12,13,14,15,16,17,18,19,20,21,22,23,24,25,26,27,28)", 3024)]
    [InlineData("SELECT COUNT(*) FROM information_schema.columns a, information_schema.columns b, information_schema.columns c WHERE a.column_name RLIKE CONCAT(b.column_name,'.*z')", 3024)]
    [InlineData("SELECT a.*,b.* FROM information_schema.columns a, information_schema.columns b", 3024)]
    public void A_statement_that_costs_too_much_ends_by_itself(string statement, int error)
    {
        if (error == 0)
        {
            Assert.Equal("0", Run(statement));
            return;
        }

        Assert.Equal(error, Assert.Throws<MySqlException>(() => Run(statement)).Error.Code);
    }

    [Fact]
    public void There_are_not_more_columns_than_the_server_has()
    {
        Assert.Equal(1117, Assert.Throws<MySqlException>(() => Run("SELECT " + string.Join(',', Enumerable.Repeat("1", 4097)))).Error.Code);
        Assert.Equal(4096, Run("SELECT " + string.Join(',', Enumerable.Repeat("1", 4096))).Split('|').Length);
    }

    [Fact]
    public void A_chain_of_ordinary_length_is_computed() => Assert.Equal("901", Run("SELECT 1" + string.Concat(Enumerable.Repeat("+1", 900))));

    [Theory]
    [InlineData("SELEC 1", 1064, "You have an error in your SQL syntax; check the manual that corresponds to your MySQL server version for the right syntax to use near 'SELEC 1' at line 1")]
    [InlineData("SELECT * FROM wordpress.nope", 1146, "Table 'wordpress.nope' doesn't exist")]
    [InlineData("SELECT nope FROM shop.orders", 1054, "Unknown column 'nope' in 'field list'")]
    [InlineData("SELECT 1 FROM shop.orders WHERE nope=1", 1054, "Unknown column 'nope' in 'where clause'")]
    [InlineData("SELECT id FROM shop.orders o JOIN shop.customers c ON c.id=o.customer_id", 1052, "Column 'id' in field list is ambiguous")]
    [InlineData("SELECT * FROM nope.t", 1049, "Unknown database 'nope'")]
    [InlineData("USE nope", 1049, "Unknown database 'nope'")]
    [InlineData("SHOW TABLES", 1046, "No database selected")]
    [InlineData("SELECT @@nope", 1193, "Unknown system variable 'nope'")]
    [InlineData("SELECT 1 UNION SELECT 1,2", 1222, "The used SELECT statements have a different number of columns")]
    [InlineData("SELECT * FROM mysql.user INTO OUTFILE '/var/www/html/x.php'", 1290, "The MySQL server is running with the --secure-file-priv option so it cannot execute this statement")]
    [InlineData("SELECT 'x' INTO DUMPFILE '/usr/lib/mysql/plugin/x.so'", 1290, "The MySQL server is running with the --secure-file-priv option so it cannot execute this statement")]
    [InlineData("LOAD DATA LOCAL INFILE '/etc/passwd' INTO TABLE shop.orders", 3948, "Loading local data is disabled; this must be enabled on both the client and server sides")]
    [InlineData("CREATE FUNCTION sys_exec RETURNS INTEGER SONAME 'lib_mysqludf_sys.so'", 1126, "Can't open shared library 'lib_mysqludf_sys.so' (errno: 2 /usr/lib/mysql/plugin/lib_mysqludf_sys.so: cannot open shared object file: No such file or directory)")]
    [InlineData("SELECT shop.sys_exec('id')", 1305, "FUNCTION shop.sys_exec does not exist")]
    [InlineData("SELECT EXTRACTVALUE(1, CONCAT(0x7e, USER()))", 1105, "XPATH syntax error: '~root@192.0.2.7'")]
    [InlineData("INSERT INTO shop.products (sku,name,price) VALUES ('BX-100','x',1)", 1062, "Duplicate entry 'BX-100' for key 'products.sku'")]
    [InlineData("INSERT INTO shop.products VALUES (1)", 1136, "Column count doesn't match value count at row 1")]
    [InlineData("DROP DATABASE mysql", 3552, "Access to system schema 'mysql' is rejected.")]
    [InlineData("SELECT 9223372036854775807 + 1", 1690, "BIGINT value is out of range in '(9223372036854775807 + 1)'")]
    public void What_cannot_be_done_is_refused_in_the_servers_words(string statement, int code, string text)
    {
        MySqlError error = Assert.Throws<MySqlException>(() => Run(statement)).Error;
        Assert.Equal((code, text), (error.Code, error.Text));
    }

    [Fact]
    public void What_a_visitor_changes_is_there_for_him_alone()
    {
        Run("USE shop");
        Run("INSERT INTO products (sku, name, price, stock) VALUES ('ZZ-1', 'New', 1.239, 3), ('ZZ-2', 'Newer', 2, 4)");
        Assert.Equal("13|ZZ-1|1.24;14|ZZ-2|2", Run("SELECT id, sku, price FROM products WHERE sku LIKE 'ZZ%' ORDER BY id"));
        Run("UPDATE products SET stock = stock * 2 WHERE sku LIKE 'ZZ%' ORDER BY id DESC LIMIT 1");
        Run("DELETE FROM products WHERE sku = 'ZZ-1'");
        Assert.Equal("ZZ-2|8", Run("SELECT sku, stock FROM products WHERE id > 12"));
        Run("CREATE TABLE README (id INT AUTO_INCREMENT PRIMARY KEY, note VARCHAR(255) NOT NULL)");
        Run("INSERT INTO README (note) VALUES ('pay')");
        Run("DROP TABLE customers, orders");
        Assert.Equal("README;admin_users;api_keys;order_items;payments;products", Run("SHOW TABLES"));
        Assert.Equal("1|pay", Run("SELECT * FROM README"));

        SqlSession other = new(s_machine, new CatalogCopy(s_catalog, 1 << 20), s_variables, 8);
        other.Begin("root", "192.0.2.8", null);
        Assert.Equal("240", Run("SELECT COUNT(*) FROM shop.customers", other));
    }

    [Fact]
    public void Users_of_the_website_are_those_that_its_pages_name() => Assert.Equal(
        string.Join(';', s_site.Users.Select(user => $"{user.Id}|{user.Login}|{user.Email}")), Run("SELECT ID, user_login, user_email FROM wordpress.wp_users ORDER BY ID"));

    [Fact]
    public void The_user_of_a_database_sees_no_other()
    {
        _session.Begin(s_site.Credentials.Shop.User, "192.0.2.7", "shop");
        Assert.Equal("information_schema;performance_schema;shop", Run("SHOW DATABASES"));
        Assert.Equal("240", Run("SELECT COUNT(*) FROM shop.customers"));
        Assert.Equal(1142, Assert.Throws<MySqlException>(() => Run("SELECT * FROM mysql.user")).Error.Code);
        Assert.Equal(1044, Assert.Throws<MySqlException>(() => Run("USE wordpress")).Error.Code);
    }

    [Theory]
    [InlineData("SELECT COUNT(*) FROM shop.order_items a, shop.order_items b, shop.order_items c")]
    [InlineData("SELECT REPEAT(REPEAT('a', 1000000), 1000000)")]
    [InlineData("INSERT INTO shop.products (sku,name,price) VALUES ('x', REPEAT('a', 900000), 1), ('y', REPEAT('a', 900000), 1)")]
    public void What_costs_too_much_ends(string statement)
    {
        try
        {
            Assert.Equal("NULL", Run(statement));
        }
        catch (MySqlException e)
        {
            Assert.Contains(e.Error.Code, new[] { 3024, 1114, 1301, 1406 });
        }
    }

    [Fact]
    public void Nesting_without_end_is_an_error() => Assert.Throws<MySqlException>(() => Run("SELECT " + new string('(', 5000) + "1" + new string(')', 5000)));

    [Fact]
    public void Sleeping_delays_the_answer_and_only_where_it_is_reached()
    {
        Assert.Equal(TimeSpan.FromSeconds(3), DelayOf("SELECT SLEEP(3)"));
        Assert.Equal(TimeSpan.Zero, DelayOf("SELECT IF(1=2, SLEEP(3), 0)"));
        Assert.Equal(TimeSpan.FromSeconds(60), DelayOf("SELECT SLEEP(1e9)"));
    }

    private TimeSpan DelayOf(string statement)
    {
        Evaluation evaluation = new(_session, []);
        Statements.Run(evaluation, statement);
        return evaluation.Delay;
    }

    private string Run(string statement, SqlSession? session = null) =>
        string.Join(';', Statements.Run(new Evaluation(session ?? _session, []), statement).Rows.Select(row => string.Join('|', row.Select(value => Values.Text(value) ?? "NULL"))));
}
