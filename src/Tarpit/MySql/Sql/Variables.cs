using System.Globalization;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.MySql.Sql;

/// <summary>System variables: those of the server, and what the session set for itself. A bool shows as ON or OFF and reads as 1 or 0.</summary>
internal sealed class Variables
{
    private const int MostOwn = 256;

    private readonly IReadOnlyDictionary<string, object> _server;
    private readonly Dictionary<string, object> _own = new(StringComparer.OrdinalIgnoreCase);

    public Variables(IReadOnlyDictionary<string, object> server) => _server = server;

    public string Version => (string)_server["version"];

    /// <summary>Names in order.</summary>
    public IEnumerable<string> Names => _server.Keys.Order(StringComparer.Ordinal);

    /// <summary>The value of @@name; null: there is no such variable.</summary>
    public object? Read(string name) => Find(name) is bool flag ? flag ? 1L : 0L : Find(name);

    /// <summary>The value as SHOW VARIABLES has it.</summary>
    public string ToText(string name) => Find(name) switch { bool flag => flag ? "ON" : "OFF", var value => Values.Text(value) ?? "" };

    /// <exception cref="MySqlException">It is none, or nobody may set it.</exception>
    public void Set(string name, object? value)
    {
        string own = Bare(name, out bool isGlobal);
        if (!_server.TryGetValue(own, out object? before))
        {
            throw new MySqlException(MySqlError.UnknownVariable(own));
        }

        if (own is "version" or "version_comment" or "hostname" or "datadir" or "basedir" or "secure_file_priv" or "port" or "plugin_dir" or "version_compile_os" or "lower_case_table_names" or "socket" or "tmpdir")
        {
            throw new MySqlException(new MySqlError(1238, "HY000", $"Variable '{own}' is a read only variable"));
        }

        if (_own.Count < MostOwn && !isGlobal)
        {
            _own[own] = value is null ? before : before is bool ? Values.Text(value) is { } text && (text.Equals("ON", StringComparison.OrdinalIgnoreCase) || Values.Number(value) != 0) : before is long ? Values.Integer(value) : Values.Text(value)!;
        }
    }

    public void Reset() => _own.Clear();

    private object? Find(string name)
    {
        string own = Bare(name, out bool isGlobal);
        return !isGlobal && _own.TryGetValue(own, out object? set) ? set : _server.GetValueOrDefault(own);
    }

    private static string Bare(string name, out bool isGlobal)
    {
        isGlobal = name.StartsWith("global.", StringComparison.OrdinalIgnoreCase) || name.StartsWith("persist.", StringComparison.OrdinalIgnoreCase);
        int dot = name.IndexOf('.', StringComparison.Ordinal);
        return (dot > 0 && name[..dot].ToLowerInvariant() is "global" or "session" or "local" or "persist" ? name[(dot + 1)..] : name).ToLowerInvariant();
    }

    /// <summary>What a server of the distribution has.</summary>
    public static IReadOnlyDictionary<string, object> OfServer(Machine machine, string version) => new Dictionary<string, object>(StringComparer.OrdinalIgnoreCase)
    {
        ["activate_all_roles_on_login"] = false, ["auto_generate_certs"] = true, ["auto_increment_increment"] = 1L, ["auto_increment_offset"] = 1L, ["autocommit"] = true,
        ["automatic_sp_privileges"] = true, ["back_log"] = 151L, ["basedir"] = "/usr/", ["big_tables"] = false, ["bind_address"] = "0.0.0.0", ["binlog_cache_size"] = 32_768L,
        ["binlog_format"] = "ROW", ["binlog_row_image"] = "FULL", ["block_encryption_mode"] = "aes-128-ecb", ["bulk_insert_buffer_size"] = 8_388_608L,
        ["caching_sha2_password_auto_generate_rsa_keys"] = true, ["caching_sha2_password_private_key_path"] = "private_key.pem", ["caching_sha2_password_public_key_path"] = "public_key.pem",
        ["character_set_client"] = "utf8mb4", ["character_set_connection"] = "utf8mb4", ["character_set_database"] = "utf8mb4", ["character_set_filesystem"] = "binary",
        ["character_set_results"] = "utf8mb4", ["character_set_server"] = "utf8mb4", ["character_set_system"] = "utf8mb3", ["character_sets_dir"] = "/usr/share/mysql/charsets/",
        ["collation_connection"] = "utf8mb4_0900_ai_ci", ["collation_database"] = "utf8mb4_0900_ai_ci", ["collation_server"] = "utf8mb4_0900_ai_ci", ["completion_type"] = "NO_CHAIN",
        ["connect_timeout"] = 10L, ["datadir"] = "/var/lib/mysql/", ["default_authentication_plugin"] = "caching_sha2_password", ["default_storage_engine"] = "InnoDB",
        ["default_tmp_storage_engine"] = "InnoDB", ["default_week_format"] = 0L, ["delay_key_write"] = "ON", ["div_precision_increment"] = 4L, ["event_scheduler"] = "ON",
        ["explicit_defaults_for_timestamp"] = true, ["flush"] = false, ["foreign_key_checks"] = true, ["general_log"] = false, ["general_log_file"] = $"/var/lib/mysql/{machine.HostName}.log",
        ["group_concat_max_len"] = 1024L, ["gtid_executed"] = "", ["gtid_mode"] = "OFF", ["gtid_purged"] = "", ["have_compress"] = "YES", ["have_dynamic_loading"] = "YES", ["have_geometry"] = "YES",
        ["have_openssl"] = "YES", ["have_profiling"] = "YES", ["have_query_cache"] = "NO", ["have_ssl"] = "YES", ["have_symlink"] = "DISABLED", ["hostname"] = machine.HostName,
        ["init_connect"] = "", ["innodb_buffer_pool_size"] = 134_217_728L, ["innodb_data_home_dir"] = "", ["innodb_file_per_table"] = true, ["innodb_flush_log_at_trx_commit"] = 1L,
        ["innodb_lock_wait_timeout"] = 50L, ["innodb_log_file_size"] = 50_331_648L, ["innodb_read_only"] = false, ["innodb_stats_on_metadata"] = false, ["innodb_version"] = version.Split('-')[0], ["interactive_timeout"] = 28_800L, ["join_buffer_size"] = 262_144L,
        ["key_buffer_size"] = 16_777_216L, ["lc_messages"] = "en_US", ["lc_time_names"] = "en_US", ["license"] = "GPL", ["local_infile"] = false, ["lock_wait_timeout"] = 31_536_000L,
        ["log_bin"] = true, ["log_bin_basename"] = "/var/lib/mysql/binlog", ["log_bin_trust_function_creators"] = false, ["log_error"] = "/var/log/mysql/error.log", ["log_output"] = "FILE",
        ["long_query_time"] = 10.000000m, ["low_priority_updates"] = false, ["lower_case_file_system"] = false, ["lower_case_table_names"] = 0L, ["max_allowed_packet"] = 67_108_864L,
        ["max_connections"] = 151L, ["max_execution_time"] = 0L, ["max_heap_table_size"] = 16_777_216L, ["max_user_connections"] = 0L, ["mysqlx_port"] = 33_060L, ["net_buffer_length"] = 16_384L,
        ["net_read_timeout"] = 30L, ["net_write_timeout"] = 60L, ["performance_schema"] = true, ["pid_file"] = "/var/run/mysqld/mysqld.pid", ["plugin_dir"] = "/usr/lib/mysql/plugin/",
        ["port"] = 3306L, ["protocol_version"] = 10L, ["pseudo_thread_id"] = 0L, ["query_alloc_block_size"] = 8192L, ["read_only"] = false, ["require_secure_transport"] = false,
        ["secure_file_priv"] = "/var/lib/mysql-files/", ["server_id"] = 1L, ["server_uuid"] = Uuid(machine), ["session_track_gtids"] = "OFF", ["skip_external_locking"] = true,
        ["skip_name_resolve"] = false, ["skip_networking"] = false, ["slow_query_log"] = false, ["slow_query_log_file"] = $"/var/lib/mysql/{machine.HostName}-slow.log", ["socket"] = "/var/run/mysqld/mysqld.sock",
        ["sort_buffer_size"] = 262_144L, ["sql_auto_is_null"] = false, ["sql_big_selects"] = true, ["sql_log_bin"] = true, ["sql_notes"] = true, ["sql_quote_show_create"] = true, ["sql_safe_updates"] = false,
        ["sql_mode"] = "ONLY_FULL_GROUP_BY,STRICT_TRANS_TABLES,NO_ZERO_IN_DATE,NO_ZERO_DATE,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION", ["sql_select_limit"] = ulong.MaxValue, ["sql_warnings"] = false,
        ["ssl_ca"] = "ca.pem", ["ssl_cert"] = "server-cert.pem", ["ssl_key"] = "server-key.pem", ["super_read_only"] = false, ["system_time_zone"] = "UTC", ["table_open_cache"] = 4000L,
        ["thread_cache_size"] = 8L, ["thread_stack"] = 1_048_576L, ["time_zone"] = "SYSTEM", ["tls_version"] = "TLSv1.2,TLSv1.3", ["tmp_table_size"] = 16_777_216L, ["tmpdir"] = "/tmp",
        ["transaction_isolation"] = "REPEATABLE-READ", ["transaction_read_only"] = false, ["tx_isolation"] = "REPEATABLE-READ", ["unique_checks"] = true, ["updatable_views_with_limit"] = "YES",
        ["version"] = version, ["version_comment"] = "(Ubuntu)", ["version_compile_machine"] = "x86_64", ["version_compile_os"] = "Linux", ["version_compile_zlib"] = "1.3.1", ["wait_timeout"] = 28_800L,
        ["warning_count"] = 0L, ["error_count"] = 0L, ["identity"] = 0L, ["insert_id"] = 0L, ["timestamp"] = machine.Now.ToUnixTimeSeconds(), ["query_cache_size"] = 0L, ["query_cache_type"] = "OFF", ["profiling"] = false,
        ["optimizer_switch"] = "index_merge=on,index_merge_union=on,index_merge_sort_union=on,index_merge_intersection=on,engine_condition_pushdown=on,index_condition_pushdown=on,mrr=on,mrr_cost_based=on",
    };

    private static string Uuid(Machine machine)
    {
        string hex = Convert.ToHexStringLower(machine.Bytes("mysql-uuid", 16));
        return string.Create(CultureInfo.InvariantCulture, $"{hex[..8]}-{hex[8..12]}-11ef-{hex[16..20]}-{machine.HardwareAddress.Replace(":", "", StringComparison.Ordinal)}");
    }
}
