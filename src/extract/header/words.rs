//! Words that name columns. General words of any trade; what a column means is for the rule packs to say.

/// Chinese words that are a column's whole name, parted by spaces.
pub(super) const WHOLE: &str = "\
    姓名 性别 民族 部门 职务 岗位 年龄 学历 籍贯 生日 邮箱 手机 电话 地址 序号 工号 班组 车间 工序 设备 物料 \
    产品 客户 供应商 项目 合同 时间 日期 值 单价 税率 品牌 描述 说明 标题 内容 结果 位置 产线 班次 人员 \
    操作员";

/// Endings of Chinese column names, parted by spaces.
pub(super) const ENDINGS: &str = "\
    号 码 名称 姓名 编号 编码 日期 时间 数量 金额 单位 类型 状态 备注 地址 电话 手机 规格 型号 温度 压力 \
    流量 电压 电流 功率 转速 频率 湿度 浓度 重量 长度 宽度 高度 厚度 直径 面积 体积 材质 材料 等级 级别 类别 \
    分类 性别 年龄 部门 岗位 职务 职称 学历 民族 价格 单价 总价 费用 税额 余额 比例 次数 个数 人数 原因 结果 \
    描述 说明 内容 标题 标识 标志 版本 来源 位置 区域 车间 班组 工序 工艺 设备 仪表 物料 批次 批号 产量 能耗 \
    用量 库存 参数 阈值 上限 下限 偏差 公差 精度 账号 账户 用户 客户 供应商 厂家 负责人 联系人 操作员 检验员 \
    创建人 更新人 审核人 经度 纬度 邮箱 网址 路径 ID Id id";

/// English words, one of which makes an identifier or a short phrase a column's name, parted by spaces.
pub(super) const ENGLISH: &str = "\
    id ids no num number name title code key type kind class category group status state flag level grade \
    rank date time datetime timestamp year month day hour minute second created updated modified start end \
    begin from to value values unit units count total sum amount qty quantity price cost rate ratio percent \
    tax currency balance phone mobile tel telephone fax email mail address addr city province country region \
    zip postcode latitude longitude lat lon lng user username account password customer client supplier \
    vendor company department dept employee staff operator owner manager gender sex age birthday birth \
    idcard passport device equipment machine sensor meter tag point signal channel line station shift batch \
    lot serial sn model spec version revision part material product item sku order contract project task \
    process step temperature temp pressure flow speed voltage current power energy frequency humidity weight \
    length width height thickness diameter size area volume density min max avg mean limit threshold \
    tolerance index row column position location path url ip mac host port source target parent remark \
    remarks note notes comment comments description desc detail details content message result reason x y z \
    label language locale first last param parameter alarm event error fault enabled active";

/// Commonest surnames, as people and not words have them at their head.
pub(super) const SURNAMES: &str = "\
    王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范\
    方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文欧诸司上皇";
